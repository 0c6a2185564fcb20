import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { findPackage, installedFor } from "./installed.ts";
import { carrying } from "./pack.ts";
import { publishedPackages, readManifest, root } from "./packages.ts";

const run = promisify(execFile);

/** Packages whose code the build puts into the server's files, and that no install shows. */
const builtIn = [
  { manifest: "packages/server", names: ["@scalar/fastify-api-reference"] },
  {
    manifest: "packages/console",
    names: [
      "@mantine/core",
      "@mantine/hooks",
      "@tanstack/react-query",
      "@tanstack/react-router",
      "@tanstack/react-virtual",
      "lucide-react",
      "react",
      "react-dom",
    ],
  },
  // The search of the documentation's site.
  { manifest: ".", names: ["minisearch"] },
];

/**
 * Lists what the server's package is made of, and what is installed with it on this platform, as CycloneDX (SBOM). npm
 * reads that from a tree of manifests, which is laid out here as an install would be, so no registry is asked.
 */
export async function listMaterials(): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), "sluice-sbom-"));
  // npm names what it describes after the folder.
  const stage = join(temporary, "sluice");
  try {
    await mkdir(stage);
    const packages = publishedPackages();
    const server = packages.find(({ manifest }) => manifest.name === "sluice");
    if (server === undefined) throw new Error("no package is named sluice");
    const inside = packages.filter(({ manifest }) => Object.hasOwn(server.manifest.dependencies ?? {}, manifest.name));
    const { devDependencies, bundleDependencies, ...manifest } = carrying(server.manifest, inside);
    const dependencies: Record<string, string> = { ...manifest.dependencies };
    const folders = new Set(installedFor(join(root, server.folder)).slice(1));
    for (const { manifest: folder, names } of builtIn) {
      for (const name of names) {
        const place = findPackage(name, join(root, folder));
        if (place === undefined) throw new Error(`${name} is not installed`);
        for (const one of installedFor(place, { optional: false })) folders.add(one);
        dependencies[name] = readManifest(place).version;
      }
    }
    await writeFile(join(stage, "package.json"), JSON.stringify({ ...manifest, dependencies }));
    for (const folder of folders) {
      const path = relative(root, folder);
      const target = join(stage, path.startsWith("packages/") ? `node_modules/${readManifest(folder).name}` : path);
      await mkdir(target, { recursive: true });
      await cp(join(folder, "package.json"), join(target, "package.json"));
    }
    const args = ["sbom", "--offline", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--omit", "dev"];
    const { stdout } = await run("npm", args, { cwd: stage, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
