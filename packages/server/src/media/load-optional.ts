import { MediaError, type MediaErrorCode } from "./media-error.ts";

/**
 * Loads an optional package.
 * @param message says what to install
 * @throws MediaError of this code where the package isn't installed; the errors of a package that is
 */
export async function loadOptional<Package>(
  load: () => Promise<Package>,
  code: MediaErrorCode,
  message: string,
): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    throw isMissing ? new MediaError(code, message, { cause }) : cause;
  }
}
