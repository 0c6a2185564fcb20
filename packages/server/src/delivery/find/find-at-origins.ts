import type { Party } from "../../concurrency/fair-line.ts";
import { NoSlotError } from "../../concurrency/wait-for-slot.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { OriginRow } from "../../database/repositories/origins.ts";
import { originOf } from "../../endpoints/origins/origins.ts";
import { type OriginSecrets, UnopenedSecrets } from "../../endpoints/origins/sealed-secrets.ts";
import { type AskedFile, isAllowedHost, targetOf } from "../../endpoints/reading/origin-target.ts";
import type { Absence } from "../../endpoints/reading/read-original.ts";
import type { UrlEndpoint } from "../../endpoints/url-endpoints/url-endpoints.ts";
import type { DeliveryDeps } from "../deps.ts";
import { originVersion } from "../origins/origin-version.ts";
import { DeliveryRefusal, type RefusalReason } from "../refusals/refusal.ts";
import { openProxies } from "./access.ts";

/** A file that is outside of the library. */
export interface OutsideFile {
  readonly version: DeliverableRow;
  /** Returns undefined where the bytes are no longer kept. */
  readonly kept: (signal: AbortSignal) => Promise<Uint8Array | undefined>;
  /** @throws DeliveryRefusal; StorageError BLOB_MISSING when the origin has other bytes now */
  readonly open: (signal: AbortSignal) => Promise<Uint8Array>;
  /** The URL that search engines are told of instead (docs/origins.md). */
  readonly canonicalUrl: string | undefined;
}

export interface AskedOutside extends Omit<AskedFile, "ownHost"> {
  readonly account: AccountRow;
  readonly endpoint: UrlEndpoint;
  readonly party: Party;
  /** The request's `CDN-Loop` header. */
  readonly loop: string | undefined;
}

type FindingDeps = Pick<DeliveryDeps, "origins" | "originals" | "sealedSecrets" | "publicUrl">;

/**
 * Asks the endpoint's origins for a file, in their order.
 * @returns the file, or the first refusal other than that the file is missing
 * @throws DeliveryRefusal ORIGIN_UNSUPPORTED, ORIGIN_TOO_LARGE, ORIGIN_LOOP, EXTERNAL_ORIGIN, UNLISTED_HOST, BUSY
 */
export async function findAtOrigins(
  deps: FindingDeps,
  asked: AskedOutside,
  signal: AbortSignal,
): Promise<OutsideFile | DeliveryRefusal | undefined> {
  const { account, endpoint, remote, party, segments } = asked;
  const rows = endpoint.origins.length === 0 ? undefined : await deps.origins.of(account.id, account.revision);
  const origins = endpoint.origins.flatMap((id) => rows?.get(id) ?? []);
  const { proxies = [], others = [] } = Object.groupBy(origins, ({ type }) =>
    type === "WEB_PROXY" ? "proxies" : "others",
  );
  if (remote !== undefined && proxies.length === 0) throw new DeliveryRefusal("EXTERNAL_ORIGIN");
  const listsHost = (row: OriginRow) => remote !== undefined && isAllowedHost(originOf(row).settings, remote);
  const asking = remote === undefined ? others : openProxies(proxies, listsHost, asked);
  if (asking.length > 0) refuseLoop(asked.loop);
  const fileName = (remote === undefined ? segments.at(-1) : remote.pathname.split("/").at(-1)) ?? "";
  let refusal: DeliveryRefusal | undefined;
  for (const row of asking) {
    const origin = originOf(row);
    const secrets = openSecrets(deps, row);
    const target = secrets && targetOf(origin, secrets, { ...asked, ownHost: new URL(deps.publicUrl()).host });
    if (target === undefined) {
      if (secrets !== undefined) throw unsupported(origin.type);
      refusal ??= new DeliveryRefusal("ORIGIN_FAILED");
      continue;
    }
    const found = await deps.originals.read(row, target, fileName, party, signal).catch(refuseBusy);
    if (found.kind === "file") {
      const version = originVersion({ accountId: account.id, originId: row.id }, fileName, found.file);
      const open = async (opened: AbortSignal): Promise<Uint8Array> => {
        const bytes = await found.file.open(opened).catch(refuseBusy);
        if (bytes instanceof Uint8Array) return bytes;
        throw new DeliveryRefusal(reasons[bytes.why]);
      };
      const { kept } = found.file;
      return { version, kept, open, canonicalUrl: canonicalUrlOf(origin.settings, segments, remote) };
    }
    if (found.why === "too large") throw new DeliveryRefusal("ORIGIN_TOO_LARGE");
    if (found.why !== "missing") refusal ??= new DeliveryRefusal(reasons[found.why]);
  }
  return refusal;
}

const reasons = {
  missing: "NOT_FOUND",
  "too large": "ORIGIN_TOO_LARGE",
  denied: "ORIGIN_DENIED",
  unreachable: "ORIGIN_UNREACHABLE",
  failed: "ORIGIN_FAILED",
} as const satisfies Record<Absence, RefusalReason>;

/** @returns undefined where the secrets can't be opened, since the server lacks their key */
function openSecrets(
  { sealedSecrets, originals }: Pick<FindingDeps, "sealedSecrets" | "originals">,
  origin: OriginRow,
): OriginSecrets | undefined {
  const { id, account_id, secrets } = origin;
  if (secrets === null) return {};
  try {
    return sealedSecrets.open(secrets, { accountId: account_id, originId: id });
  } catch (error) {
    if (!(error instanceof UnopenedSecrets)) throw error;
    originals.tellUnopened(origin, error);
    return undefined;
  }
}

/** A request that comes from a server like this one may have come from here (RFC 8586). */
function refuseLoop(loop: string | undefined): void {
  const isOwn = loop?.split(",").some((part) => /^sluice\b/i.test(part.trim()));
  if (isOwn) throw new DeliveryRefusal("ORIGIN_LOOP");
}

function unsupported(type: string): DeliveryRefusal {
  return new DeliveryRefusal("ORIGIN_UNSUPPORTED", {}, { message: `Origins of the type ${type} can't be read yet` });
}

function refuseBusy(error: unknown): never {
  if (!(error instanceof NoSlotError)) throw error;
  const message = "Too many files are being read from origins";
  throw new DeliveryRefusal("BUSY", {}, { message, cause: error });
}

function canonicalUrlOf(
  { includeCanonicalHeader, baseUrlForCanonicalHeader, baseUrl }: Readonly<Record<string, unknown>>,
  segments: readonly string[],
  remote: URL | undefined,
): string | undefined {
  if (includeCanonicalHeader !== true) return undefined;
  const base = baseUrlForCanonicalHeader ?? baseUrl;
  const path = remote?.pathname ?? `/${segments.map(encodeURIComponent).join("/")}`;
  const url = typeof base === "string" ? new URL(base).href.replace(/\/$/, "") + path : remote?.href;
  return url?.replaceAll(">", "%3E");
}
