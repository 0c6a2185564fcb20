import { floors, packages, pairs, reservedPackages } from "./floors.ts";
import type { SourceFile } from "./imports.ts";

const server = "packages/server/src/";

/** Imports that break the order of floors, or that the file's folder may not use. Each is one line. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports }) => imports.flatMap((imported) => problem(path, imported) ?? []));
}

function problem(path: string, imported: string): string | undefined {
  const [, from = ""] = path.split("/");
  const ownPackage = /^@sluice\/([\w-]+)/.exec(imported)?.[1];
  if (ownPackage !== undefined && !packages[from]?.includes(ownPackage)) {
    return `${path} imports ${imported}: packages/${from} may not`;
  }
  if (!path.startsWith(server)) return undefined;
  const folder = folderOf(path);
  const reserved = Object.entries(reservedPackages).find(([name]) => isOf(name, imported));
  if (reserved !== undefined && !reserved[1].includes(folder)) {
    return `${path} imports ${imported}: only ${reserved[1].join(" and ")} may`;
  }
  if (!imported.startsWith(server)) return undefined;
  const other = folderOf(imported);
  if (other === folder || isBelow(other, folder) || isPair(folder, other)) return undefined;
  return `${path} imports ${imported}: ${other} does not lie below ${folder}`;
}

/** @param name a package's name, or a prefix of several packages' names */
function isOf(name: string, imported: string): boolean {
  return name.endsWith("/") ? imported.startsWith(name) : imported === name || imported.startsWith(`${name}/`);
}

/** The first folder below the server's sources. For a file directly in the sources, the file itself. */
function folderOf(path: string): string {
  return path.slice(server.length).split("/")[0] ?? "";
}

function isBelow(folder: string, other: string): boolean {
  return floorOf(folder) > floorOf(other);
}

/** The number of the folder's floor, counted from the top. */
function floorOf(folder: string): number {
  const floor = floors.findIndex((folders) => Object.hasOwn(folders, folder));
  if (floor === -1) throw new Error(`${folder} stands on no floor: scripts/structure/floors.ts`);
  return floor;
}

function isPair(folder: string, other: string): boolean {
  return pairs.some(({ lower, upper }) => lower === folder && upper === other);
}
