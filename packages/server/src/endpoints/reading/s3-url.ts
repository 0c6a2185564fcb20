import { createHash, createHmac } from "node:crypto";
import { isIP } from "node:net";

export interface S3Object {
  /** The service, without the bucket. */
  readonly endpoint: URL;
  readonly bucket: string;
  readonly pathStyle: boolean;
  /** The segments of the object's key. */
  readonly key: readonly string[];
  readonly region: string;
}

export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
}

const standardSeconds = 300;
const algorithm = "AWS4-HMAC-SHA256";

/**
 * Signs the URL of an object by AWS Signature Version 4. The signature is in the query, so that nothing of it is sent
 * on when the server redirects.
 * @param now Unix milliseconds
 */
export function signedS3Url(
  object: S3Object,
  { accessKey, secretKey }: S3Keys,
  now: number,
  validSeconds = standardSeconds,
): URL {
  const { endpoint, bucket, key, region } = object;
  const pathStyle = object.pathStyle || !fitsIntoHost(bucket, endpoint);
  const base = endpoint.pathname.split("/").filter(Boolean);
  const path = [...base, ...(pathStyle ? [bucket] : []), ...key].map(encodeStrictly).join("/");
  const host = pathStyle ? endpoint.host : `${bucket}.${endpoint.host}`;
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const query = [
    ["X-Amz-Algorithm", algorithm],
    ["X-Amz-Credential", `${accessKey}/${scope}`],
    ["X-Amz-Date", time],
    ["X-Amz-Expires", String(validSeconds)],
    ["X-Amz-SignedHeaders", "host"],
  ]
    .map(([name = "", value = ""]) => `${name}=${encodeStrictly(value)}`)
    .join("&");
  const request = ["GET", `/${path}`, query, `host:${host}`, "", "host", "UNSIGNED-PAYLOAD"].join("\n");
  const digest = createHash("sha256").update(request).digest("hex");
  const signingKey = [...scope.split("/")].reduce<Buffer | string>(hmac, `AWS4${secretKey}`);
  const signature = hmac(signingKey, [algorithm, time, scope, digest].join("\n")).toString("hex");
  return new URL(`${endpoint.protocol}//${host}/${path}?${query}&X-Amz-Signature=${signature}`);
}

/** A bucket stands in front of a name alone, and only if a host's name may have its characters in one label. */
function fitsIntoHost(bucket: string, { hostname }: URL): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 && /^[a-z0-9][a-z0-9-]{0,62}$/.test(bucket);
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Encodes everything but the unreserved characters of RFC 3986, as the signature demands. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
