// Decides where longitudes and latitudes fall on a raster: Mercator, turned if asked, scaled to
// fill a size with its proportions kept. Points closer than a pixel become one, so that what
// follows costs what is seen and not what was surveyed. Own and not d3-geo: a map on a terminal
// needs the plane, where rings have no winding and filling is even-odd.

import type { AreaGeometry, Ring } from "./wkt.ts";

/** Rings of all polygons of one shape, on the plane, as x and y in turn. */
export type PlaneShape = readonly Float64Array[];

/** The shapes on the raster with what they cover, in pixels. */
export interface Projected {
  readonly shapes: readonly PlaneShape[];
  readonly width: number;
  readonly height: number;
}

const RADIANS = Math.PI / 180;
/** Mercator has no poles; this is where web maps end. */
const STEEPEST = 85.0511;

/** Shapes on the plane, north up, in radians of the equator; turned clockwise by `rotate` degrees. */
export function toPlane(geometries: readonly AreaGeometry[], rotate: number): PlaneShape[] {
  const cos = Math.cos(rotate * RADIANS), sin = Math.sin(rotate * RADIANS);
  return geometries.map((geometry) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.flatMap((rings) => rings.map((ring) => planeRing(ring, cos, sin)));
  });
}

function planeRing(ring: Ring, cos: number, sin: number): Float64Array {
  const out = new Float64Array(ring.length * 2);
  for (let i = 0; i < ring.length; i++) {
    const point = ring[i] as readonly [number, number];
    const lat = Math.max(-STEEPEST, Math.min(STEEPEST, point[1]));
    const x = point[0] * RADIANS;
    const y = -Math.log(Math.tan(Math.PI / 4 + (lat * RADIANS) / 2));
    out[2 * i] = x * cos - y * sin;
    out[2 * i + 1] = x * sin + y * cos;
  }
  return out;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What all shapes cover; undefined where there is not one point. */
export function boundsOf(shapes: readonly PlaneShape[]): Bounds | undefined {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (const shape of shapes) {
    for (const ring of shape) {
      for (let i = 0; i < ring.length; i += 2) {
        const x = ring[i] as number, y = ring[i + 1] as number;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
    }
  }
  return left <= right ? { left, top, right, bottom } : undefined;
}

/** How large shapes become that lie within `width` × `height` pixels, a pixel `aspect` times as high as wide. */
export function fitSize(
  bounds: Bounds,
  width: number,
  height: number,
  aspect: number,
): { readonly width: number; readonly height: number; readonly scale: number } {
  const wide = Math.max(bounds.right - bounds.left, 1e-12);
  const high = Math.max(bounds.bottom - bounds.top, 1e-12);
  const scale = Math.min(width / wide, (height * aspect) / high);
  return {
    width: Math.max(1, Math.min(width, Math.ceil(wide * scale - 1e-6))),
    height: Math.max(1, Math.min(height, Math.ceil(high * (scale / aspect) - 1e-6))),
    scale,
  };
}

/**
 * Shapes scaled to lie within `width` × `height` pixels, as large as fits, where a pixel is
 * `aspect` times as high as wide. The answer's size is what the shapes take.
 */
export function fitShapes(
  shapes: readonly PlaneShape[],
  bounds: Bounds,
  width: number,
  height: number,
  aspect: number,
): Projected {
  const size = fitSize(bounds, width, height, aspect);
  const scaleY = size.scale / aspect;
  return {
    shapes: shapes.map((shape) => shape.map((ring) => scaleRing(ring, bounds, size.scale, scaleY))),
    width: size.width,
    height: size.height,
  };
}

/** A quarter of a pixel is below what any sample can tell. */
const CLOSE = 0.25;

function scaleRing(
  ring: Float64Array,
  bounds: Bounds,
  scale: number,
  scaleY: number,
): Float64Array {
  const out = new Float64Array(ring.length);
  let size = 0, lastX = Infinity, lastY = Infinity;
  for (let i = 0; i < ring.length; i += 2) {
    const x = ((ring[i] as number) - bounds.left) * scale;
    const y = ((ring[i + 1] as number) - bounds.top) * scaleY;
    if (Math.abs(x - lastX) < CLOSE && Math.abs(y - lastY) < CLOSE) continue;
    out[size++] = x;
    out[size++] = y;
    lastX = x;
    lastY = y;
  }
  return out.subarray(0, size);
}
