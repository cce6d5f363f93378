/* @asset
description: The taxi zones of New York, one row and one outline per zone
checks:
  - not_null: [zone_id, zone, borough, geometry]
  - unique: [zone_id]
  - rows: { min: 200 }
    severity: warn
  - holds: geometry like 'MULTIPOLYGON (((%'
*/

-- Some zones come as several rows, one for each of their islands (103: Governor's, Ellis and Liberty Island).
-- Here a zone is one row: the polygons of its rows are put together into one MULTIPOLYGON.
--
-- The template without rows knows both sets of names that the city has used for the columns.

select
  coalesce(LocationID, "Location ID")::integer as zone_id,
  min(zone) as zone,
  min(borough) as borough,
  'MULTIPOLYGON (' || string_agg(polygons, ', ' order by polygons) || ')' as geometry
from (
  select
    *,
    -- What stands within: MULTIPOLYGON (((1 2, …))) and POLYGON ((1 2, …)) both give ((1 2, …)).
    regexp_replace(
      coalesce(the_geom, "Shape Geometry"),
      '^\s*(?:MULTIPOLYGON\s*\((.*)\)|POLYGON\s*(\(.*\)))\s*$',
      '\1\2',
      'is'
    ) as polygons
  from (
    select
      null::bigint as LocationID,
      null::bigint as "Location ID",
      null::varchar as the_geom,
      null::varchar as "Shape Geometry"
    where false
    union all by name
    from taxi_zones_file
  )
)
group by all
