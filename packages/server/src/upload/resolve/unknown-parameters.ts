import type { Logger } from "pino";
import { nearestName } from "../../text/nearest-name.ts";
import { v1CredentialFields } from "../form/authorise/v1-signature.ts";
import { repeatablePartNames } from "../form/receive/form-fields.ts";
import { uploadParameters } from "./parameters/table.ts";

/**
 * After this many different names no more are logged, so that callers who make up names don't fill memory or the log.
 */
const maxNames = 100;
const maxNameLength = 64;

const parameterNames = ["file", "fileName", ...Object.keys(uploadParameters)];
const knownNames: ReadonlySet<string> = new Set([...parameterNames, ...v1CredentialFields, ...repeatablePartNames]);

/**
 * A parameter that does not exist is ignored (docs/protocol/upload.md §5), so a typo changes what is stored without an
 * error. The log warns of each such name once in this process. Values are not logged.
 */
export class UnknownParameters {
  readonly #logger: Pick<Logger, "warn">;
  readonly #logged = new Set<string>();

  constructor(logger: Pick<Logger, "warn">) {
    this.#logger = logger;
  }

  /** @param names the field names of an upload whose credentials hold */
  warn(names: Iterable<string>, reqId: string): void {
    for (const name of names) if (!knownNames.has(name)) this.#warnOnce(name, reqId);
  }

  #warnOnce(name: string, reqId: string): void {
    const parameter = name.slice(0, maxNameLength);
    if (this.#logged.size >= maxNames || this.#logged.has(parameter)) return;
    this.#logged.add(parameter);
    const nearest = nearestName(name, parameterNames);
    const last = this.#logged.size === maxNames ? "; no further names are logged" : "";
    this.#logger.warn({ reqId, parameter, nearest }, `an upload has an unknown parameter, which is ignored${last}`);
  }
}
