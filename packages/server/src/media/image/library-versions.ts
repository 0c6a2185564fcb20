import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

interface Manifest {
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The versions of the image library and of the native libraries that come with it. The library itself isn't loaded. */
export function imageLibraryVersions(): string {
  const manifest = findPackageJSON("sharp", import.meta.url);
  if (manifest === undefined) throw new Error("the image library is not installed");
  const { version, optionalDependencies = {} } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  const [, native = ""] = Object.entries(optionalDependencies).find(([name]) => name.includes("libvips")) ?? [];
  return `${version} ${native}`;
}
