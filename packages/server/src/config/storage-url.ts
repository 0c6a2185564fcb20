import { ConfigError } from "./config-error.ts";

/** The location of the blobs when they are not in the data folder. */
export interface StorageLocation {
  /** The option that names the bucket, which messages repeat. */
  readonly option: string;
  readonly bucket: string;
  /** The prefix has no slashes at its ends. Empty means the whole bucket. */
  readonly prefix: string;
  /** Undefined means Amazon's endpoint for the region. */
  readonly endpoint: string | undefined;
  /** Undefined means the region that the AWS variables name. */
  readonly region: string | undefined;
  /** Whether requests name the bucket in the path instead of the host. */
  readonly forcePathStyle: boolean;
  /** Whether clients may be redirected to the bucket for files that can do no harm there. */
  readonly redirect: boolean;
}

const form = "s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true&redirect=true";

/** The usual region name for a service that has its own address and no regions. */
const onlyRegion = "us-east-1";

const parameters: Readonly<Record<string, (value: string) => boolean>> = {
  endpoint: isEndpoint,
  region: (value) => /^[A-Za-z0-9-]{1,64}$/.test(value),
  forcePathStyle: isSwitch,
  redirect: isSwitch,
};

/**
 * Reads `s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true&redirect=true`.
 * @throws ConfigError that says what is wrong and never repeats the text, which may hold a secret that doesn't belong
 *   there
 */
export function parseStorageUrl(text: string, option = "--storage-url"): StorageLocation {
  const wrong = (problem: string) => new ConfigError(`${option} ${problem}`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "s3:") throw wrong(`must be ${form}`);
  if (url.username !== "" || url.password !== "") {
    throw wrong("must not hold credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  if (url.port !== "" || url.hash !== "") throw wrong(`must be ${form}; the service's own address goes into endpoint`);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) {
    throw wrong("must name a bucket: 3 to 63 lower-case letters, digits, dots and hyphens");
  }
  const prefix = url.pathname.replace(/^\//, "").replace(/\/$/, "");
  if (prefix !== "" && !/^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/.test(prefix)) {
    throw wrong("must have a prefix of letters, digits, dots, hyphens and underscores, with slashes between them");
  }
  const values = readParameters(url.searchParams, wrong);
  return Object.freeze({
    option,
    bucket: url.host,
    prefix,
    endpoint: values.endpoint?.replace(/\/$/, ""),
    region: values.region ?? (values.endpoint === undefined ? undefined : onlyRegion),
    forcePathStyle: values.forcePathStyle === "true",
    redirect: values.redirect === "true",
  });
}

function readParameters(
  given: URLSearchParams,
  wrong: (problem: string) => ConfigError,
): Readonly<Record<string, string | undefined>> {
  const values: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!Object.hasOwn(parameters, name)) {
      throw wrong(`has an unknown parameter; known are ${Object.keys(parameters).join(", ")}`);
    }
    if (Object.hasOwn(values, name)) throw wrong(`has the parameter ${name} twice`);
    if (parameters[name]?.(value) !== true) throw wrong(`has a wrong value for ${name}`);
    values[name] = value;
  }
  return values;
}

function isEndpoint(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
}

function isSwitch(value: string): boolean {
  return value === "true" || value === "false";
}
