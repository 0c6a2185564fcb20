import { RemoteError } from "../../network/remote-error.ts";
import type { Origin } from "../origins/origins.ts";
import type { OriginSecrets } from "../origins/sealed-secrets.ts";
import { encodeStrictly, type S3Object, signedS3Url } from "./s3-url.ts";

/** A file that a request asks an origin for. */
export interface OriginTarget {
  /** Two requests with the same name ask for the same file in the same way. It holds no secret. */
  readonly name: string;
  /** @param region the region that the service named when it was asked in another one */
  readonly urlOf: (now: number, region?: string) => string;
  /** Called for each URL before it is asked. @throws RemoteError for one that must not be asked */
  readonly headersFor: (url: URL, redirects: number) => Readonly<Record<string, string>>;
  readonly maxRedirects: number;
  /** The header that makes a file private. */
  readonly privateHeader: string;
  /**
   * Whether the origin may be asked whether the file has changed. The `ETag` of a bucket follows from the bytes alone, so
   * it doesn't tell that an object has become private.
   */
  readonly asksForChanges: boolean;
}

export interface AskedFile {
  /** The file's path behind the endpoint, decoded. */
  readonly segments: readonly string[];
  /** The URL in the place of a path, for a web proxy alone. */
  readonly remote: URL | undefined;
  readonly signed: boolean;
  /** The host under which clients reach this server. */
  readonly ownHost: string;
}

const httpPrivateHeader = "is-private-file";
const s3PrivateHeader = "x-amz-meta-isprivatefile";

/**
 * Says where an origin has the file that is asked for.
 * @returns undefined for a type of origin that can't be read yet
 */
export function targetOf(origin: Origin, secrets: OriginSecrets, asked: AskedFile): OriginTarget | undefined {
  const { type, settings } = origin;
  if (type === "WEB_FOLDER") return webFolderTarget(origin, asked);
  if (type === "WEB_PROXY") return asked.remote && webProxyTarget(origin, asked.remote, asked.signed);
  if (type === "S3_COMPATIBLE" || (type === "S3" && settings.useIAMRole === false)) {
    return s3Target(origin, secrets, asked.segments);
  }
  return undefined;
}

function webFolderTarget({ settings }: Origin, { segments, ownHost }: AskedFile): OriginTarget {
  const base = new URL(String(settings.baseUrl));
  const path = [...base.pathname.split("/").filter(Boolean), ...segments.map(encodeStrictly)].join("/");
  const url = `${base.origin}/${path}`;
  return {
    name: url,
    urlOf: () => url,
    headersFor: (next, redirects) => {
      if (redirects > 0) refuseOtherPort(next, base);
      // The host is this server's own, and not what the client sent, since files are kept for all clients alike.
      return redirects === 0 && settings.forwardHostHeaderToOrigin === true ? { host: ownHost } : {};
    },
    maxRedirects: 3,
    privateHeader: httpPrivateHeader,
    asksForChanges: true,
  };
}

/** A validly signed URL may name any host. An unsigned one may name a host of the allow-list, and lead to those alone. */
function webProxyTarget({ settings }: Origin, remote: URL, signed: boolean): OriginTarget {
  return {
    name: `${signed ? "signed" : "listed"} ${remote.href}`,
    urlOf: () => remote.href,
    headersFor: (next) => {
      if (isAllowedHost(settings, next)) return {};
      if (!signed) throw new RemoteError("It redirects to a host that is not on the allow-list.");
      refuseOtherPort(next);
      return {};
    },
    maxRedirects: 3,
    privateHeader: httpPrivateHeader,
    asksForChanges: true,
  };
}

export function isAllowedHost({ allowedHosts }: Origin["settings"], { host }: URL): boolean {
  return Array.isArray(allowedHosts) && allowedHosts.includes(host);
}

/** A redirect, or a client, must not choose a port. Behind other ports are services that are no web servers. */
function refuseOtherPort(url: URL, base?: URL): void {
  if (url.port !== "" && url.host !== base?.host) throw new RemoteError("It leads to another port.");
}

/** The region in which a bucket of AWS is looked for first. It tells in which region the bucket is. */
const firstRegion = "us-east-1";

function s3Target({ type, settings }: Origin, secrets: OriginSecrets, segments: readonly string[]): OriginTarget {
  const bucket = String(settings.bucket);
  const key = [...String(settings.prefix).split("/").filter(Boolean), ...segments];
  const { accessKey = "", secretKey = "" } = secrets;
  const place = (region: string | undefined): S3Object => {
    if (type === "S3") {
      const known = region ?? firstRegion;
      const endpoint = new URL(`https://s3.${known}.amazonaws.com`);
      return { endpoint, bucket, pathStyle: false, key, region: known };
    }
    const endpoint = new URL(String(settings.endpoint));
    const pathStyle = settings.s3ForcePathStyle === true;
    return { endpoint, bucket, pathStyle, key, region: region ?? regionIn(endpoint) ?? firstRegion };
  };
  return {
    name: key.map(encodeStrictly).join("/"),
    urlOf: (now, region) => signedS3Url(place(region), { accessKey, secretKey }, now).href,
    headersFor: () => ({}),
    maxRedirects: 0,
    privateHeader: s3PrivateHeader,
    asksForChanges: false,
  };
}

/** Services name the region in their host: `s3.eu-central-003.backblazeb2.com`. */
function regionIn({ hostname }: URL): string | undefined {
  return /^s3[.-]([a-z]{2}-[a-z0-9-]+)\./.exec(hostname)?.[1];
}
