import { SluiceError } from "@sluice/protocol";
import type { FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { isLoopbackHost } from "../../config/loopback-host.ts";

/** The place at which a browser reaches the console. */
export interface ConsolePlace {
  /** The origin that pages of the console have. */
  readonly origin: string;
  /** Whether the browser has come by HTTPS. */
  readonly secure: boolean;
}

type PlaceConfig = Pick<Config, "consoleOrigin" | "publicUrl">;

/**
 * Checks that a request was sent by a page of the console, and at a place where sessions may be used. Other pages can
 * have a browser send requests here as well, with the cookie where they are of the same site. But none of them can add
 * the header without asking first, which no route allows, and the browser itself says where a request comes from.
 * @throws SluiceError CONSOLE_REQUEST_FOREIGN, CONSOLE_ELSEWHERE, CONSOLE_NEEDS_HTTPS
 */
export function assertFromConsole(request: FastifyRequest, config: PlaceConfig): ConsolePlace {
  const place = placeOf(request, config);
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOwn =
    isMarked(request) &&
    (origin === undefined || origin === place.origin) &&
    (site === undefined || site === "same-origin") &&
    (origin !== undefined || site !== undefined);
  if (!isOwn) throw new SluiceError("CONSOLE_REQUEST_FOREIGN");
  return place;
}

/** Whether the request has the header by which the console's own script marks its requests. */
export function isMarked({ headers }: Pick<FastifyRequest, "headers">): boolean {
  return headers["x-sluice-console"] === "1";
}

/**
 * The scheme is that of the request, or of the proxy that is trusted. A proxy that is not trusted can't say it, but the
 * address that the operator has named can. The cookie is sent over HTTPS alone then, whatever the proxy does.
 * @throws SluiceError CONSOLE_ELSEWHERE, CONSOLE_NEEDS_HTTPS
 */
function placeOf(request: FastifyRequest, { consoleOrigin, publicUrl }: PlaceConfig): ConsolePlace {
  const host = hostOf(request);
  if (consoleOrigin !== undefined && new URL(consoleOrigin).host !== host) {
    throw new SluiceError("CONSOLE_ELSEWHERE", { origin: consoleOrigin });
  }
  const named = [consoleOrigin, publicUrl].includes(`https://${host}`);
  const secure = request.protocol === "https" || named;
  if (!secure && !isLoopbackHost(host)) throw new SluiceError("CONSOLE_NEEDS_HTTPS");
  return { origin: `${secure ? "https" : "http"}://${host}`, secure };
}

/** The host that the browser has asked for, in lower case: the one that a trusted proxy names, or the header's. */
export function hostOf(request: FastifyRequest): string {
  return (request.host ?? "").toLowerCase();
}
