import type { ClamdAddress } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";

/**
 * Reads `tcp://host:port` or `unix:/path`.
 * @throws ConfigError
 */
export function parseClamdAddress(text: string): ClamdAddress {
  const path = /^unix:(?:\/\/)?(\/.+)$/.exec(text)?.[1];
  if (path !== undefined && !path.includes("\0")) return { path };
  const url = /^tcp:\/\//.test(text) ? URL.parse(text) : null;
  const plain = url !== null && url.username === "" && url.password === "" && /^\/?$/.test(url.pathname);
  if (url === null || !plain || url.hostname === "" || url.search !== "" || url.hash !== "") {
    throw new ConfigError("--clamd must be tcp://<host>:<port> or unix:/<path>");
  }
  const port = url.port === "" ? 3310 : Number(url.port);
  if (port === 0) throw new ConfigError("--clamd must be tcp://<host>:<port> or unix:/<path>");
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ""), port };
}
