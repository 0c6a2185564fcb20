import { getCompileCacheDir } from "node:module";

/** The variable by which a process finds its program compiled, where this process does. */
export function compileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
