export interface CorsOptions {
  /** Origins of the pages that may request tokens, such as `https://app.example`, or `"*"` for any origin. */
  readonly origins: readonly string[] | "*";
  /** Request headers that pages may set. By default these are the headers that the preflight asks for. */
  readonly headers?: readonly string[] | undefined;
  /** Whether requests may carry cookies. This needs a list of origins. */
  readonly credentials?: boolean | undefined;
}

/** Adds the headers to an answer that let the browser show it to the page. */
export type ApplyCors = (request: Headers, answer: Headers) => void;

/** The time for which a browser may remember a preflight, in seconds. */
const PREFLIGHT_AGE = 600;

/** @throws {TypeError} for options that would admit no page, or any page together with the user's cookies */
export function compileCors(options: CorsOptions): ApplyCors {
  checkOptions(options);
  const { origins, headers, credentials = false } = options;
  return (request, answer) => {
    if (origins === "*") {
      answer.set("Access-Control-Allow-Origin", "*");
    } else {
      answer.append("Vary", "Origin");
      const origin = request.get("Origin");
      if (origin === null || !origins.includes(origin)) {
        return;
      }
      answer.set("Access-Control-Allow-Origin", origin);
      if (credentials) {
        answer.set("Access-Control-Allow-Credentials", "true");
      }
    }
    if (request.has("Access-Control-Request-Method")) {
      answer.append("Vary", "Access-Control-Request-Headers");
      answer.set("Access-Control-Allow-Methods", "POST, OPTIONS");
      answer.set("Access-Control-Max-Age", String(PREFLIGHT_AGE));
      const allowed = headers?.join(", ") ?? request.get("Access-Control-Request-Headers");
      if (allowed) {
        answer.set("Access-Control-Allow-Headers", allowed);
      }
    }
  };
}

function checkOptions({ origins, headers, credentials, ...others }: CorsOptions): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(`cors has no member ${JSON.stringify(unknown)}.`);
  }
  if (origins !== "*" && !(Array.isArray(origins) && origins.length > 0 && origins.every(isOrigin))) {
    throw new TypeError('cors.origins must be "*" or a list of origins such as "https://app.example", without a path.');
  }
  if (headers !== undefined && !headers.every((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))) {
    throw new TypeError("cors.headers must be names of headers.");
  }
  if (credentials && origins === "*") {
    throw new TypeError("cors.credentials needs a list of origins: otherwise every page could mint as its visitor.");
  }
}

/**
 * Web views have origins with schemes of their own, such as `capacitor://localhost`. `URL` gives "null" as the origin
 * of all of them.
 */
function isOrigin(text: unknown): boolean {
  return (
    typeof text === "string" &&
    URL.canParse(text) &&
    (/^https?:/i.test(text) ? new URL(text).origin === text : /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+$/.test(text))
  );
}
