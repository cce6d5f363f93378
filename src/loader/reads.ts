/**
 * What recorded reads would give now: the other half of what is noted while a step works, for the `config` reason.
 * Environment and settings by their salted digests (`core/read_digest.ts`), files by the digest of their bytes
 * (`core/digest.ts`), a pattern by all that it matches. What lies outside this machine has no digest.
 */
import { globSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { AssetDefinition, ProjectDefinition } from "../core/definition.ts";
import { digestAll } from "../core/digest.ts";
import { envDigest, settingDigest } from "../core/read_digest.ts";
import type { Read } from "../core/version.ts";
import type { Environment } from "./environment.ts";
import { FileDigests } from "./file_digests.ts";

/** The digest that a read has now; settings are looked up in the asset's own `config:` first, where it is given. */
export type ReadDigester = (
  read: Read,
  asset?: Pick<AssetDefinition, "config">,
) => string | null;

/** `env` is the real environment over `.env`; each value and file is looked at once in the life of the function. `open` gives what is known of files. */
export function readDigester(
  project: string,
  env: Environment,
  definition: Pick<ProjectDefinition, "settings">,
  salt = "",
  open: () => FileDigests = () => new FileDigests("/", [], 0, 0),
): ReadDigester {
  let files: FileDigests | null = null;
  const known = new Map<string, string | null>();
  return (read, asset) => {
    const own = asset?.config?.defaults;
    if (read.kind === "config" && own !== undefined && Object.hasOwn(own, read.name)) {
      return settingDigest(own[read.name], salt);
    }
    const id = `${read.kind} ${read.name}`;
    const before = known.get(id);
    if (before !== undefined) return before;
    const { settings } = definition;
    const found = read.kind === "env"
      ? envDigest(env[read.name], salt)
      : read.kind === "config"
      ? settingDigest(Object.hasOwn(settings, read.name) ? settings[read.name] : undefined, salt)
      : readDigestOfFile(project, read.name, files ??= open());
    known.set(id, found);
    return found;
  };
}

/**
 * The digest of a file that a query names: of its bytes; of a pattern, of the paths and bytes of all that match; null
 * where there is none, or it is an address.
 */
export function readDigestOfFile(
  project: string,
  name: string,
  files: FileDigests = new FileDigests("/", [], 0, 0),
): string | null {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name)) return null;
  const path = isAbsolute(name) ? name : join(project, name);
  if (!/[*?[{]/.test(name)) return files.digest(path);
  const matches = globSync(name, { cwd: project }).map(String).sort();
  if (matches.length === 0) return null;
  return digestAll(
    matches.flatMap((each) => [each, files.digest(isAbsolute(each) ? each : join(project, each))]),
  );
}
