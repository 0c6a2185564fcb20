import { canonicalParameters } from "../canonical.ts";
import { assertKeyPair, type KeyPair } from "../key-pair.ts";
import { createUploadToken } from "../mint.ts";
import { assertParameterValues } from "../parameter-values.ts";
import { type CorsOptions, compileCors } from "./cors.ts";
import { isResponse } from "./is-response.ts";
import { applyPolicy, type CompiledPolicy, compilePolicy, type UploadPolicy } from "./policy.ts";
import { quote, TokenRequestRefusal } from "./refusal.ts";
import { readTokenRequest } from "./token-request.ts";

type Awaitable<Value> = Value | Promise<Value>;

export type PolicyFunction<Context> = (
  context: Context,
  requested: Readonly<Record<string, string>>,
) => Awaitable<UploadPolicy | Response>;

export interface UploadTokenHandlerOptions<Context> {
  /** The key pairs that may sign. The request's `publicKey` picks one of them. Without it, the first one signs. */
  readonly keys: KeyPair | readonly KeyPair[];
  /**
   * Identifies the caller and returns whatever the policy wants to know about them. Undefined, null or false is
   * answered with 401. A `Response` is sent as the answer. The handler reads the body itself, so read `request.clone()`
   * if you must.
   */
  readonly authorize: (request: Request) => Awaitable<Context | Response | undefined | null | false>;
  /**
   * The policy says what the caller may upload. `requested` contains the requested parameters in canonical form. A
   * returned `Response` refuses them. A function's policy is checked with each request, a plain one at once.
   */
  readonly policy: UploadPolicy | PolicyFunction<Context>;
  /** Off by default: pages of other origins can't read the answer. */
  readonly cors?: CorsOptions | undefined;
  /**
   * Receives the errors that `authorize` or `policy` threw, and a policy's mistakes. The client isn't told about them.
   * Without it, they go to the console.
   */
  readonly onError?: ((error: unknown, request: Request) => void) | undefined;
}

export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * The guide's token route for any framework with standard requests. It takes `POST` of JSON
 * `{ uploadPayload, expire?, publicKey? }` and answers `{ token }` (docs/protocol/upload.md §3, "Backend contract"). If
 * the strings in the token differ from the requested ones, the answer contains them as `parameters`, and the form must
 * send them. Refusals are `{ message, reason }`. The handler never throws.
 * @throws {TypeError | RangeError} at once, for a set-up that could not work or would let everybody in
 */
export function uploadTokenHandler<Context>(options: UploadTokenHandlerOptions<Context>): FetchHandler {
  const mint = minter(options);
  // biome-ignore lint/suspicious/noConsole: the client reads no reason, so a developer would find none anywhere.
  const onError = options.onError ?? ((error: unknown) => console.error("uploadTokenHandler:", error));
  const applyCors = options.cors && compileCors(options.cors);
  return async (request) => {
    const response = await mint(request).catch((error: unknown) => {
      if (error instanceof TokenRequestRefusal) {
        return error.toResponse();
      }
      onError(error, request);
      return new TokenRequestRefusal("INTERNAL_ERROR", "The token could not be made.").toResponse();
    });
    const headers = new Headers(response.headers);
    headers.set("Cache-Control", "no-store");
    if (response.status === 405 || request.method === "OPTIONS") {
      headers.set("Allow", "POST, OPTIONS");
    }
    applyCors?.(request.headers, headers);
    // An application may return the same response object each time.
    const { body, status, statusText } = response.clone();
    return new Response(body, { status, statusText, headers });
  };
}

function minter<Context>({ keys, authorize, policy }: UploadTokenHandlerOptions<Context>): FetchHandler {
  const privateKeys = privateKeysByPublicKey(keys);
  const [firstPublicKey = ""] = privateKeys.keys();
  if (typeof authorize !== "function") {
    throw new TypeError("authorize is missing: without it, everybody could mint tokens.");
  }
  if (policy === undefined) {
    throw new TypeError("policy is missing: without it, a client could upload anything anywhere.");
  }
  const rulesFor = compileRules(policy);

  return async (request) => {
    if (request.method === "OPTIONS") {
      return new Response(null, { status: 204 });
    }
    if (request.method !== "POST") {
      throw new TokenRequestRefusal("METHOD_NOT_ALLOWED", "Ask for a token with POST.");
    }
    const context = await authorize(request);
    if (isResponse(context)) {
      return context;
    }
    if (context === undefined || context === null || context === false) {
      throw new TokenRequestRefusal("NOT_AUTHORIZED", "You are not signed in, or may not upload.");
    }
    const { uploadPayload, expire, publicKey = firstPublicKey } = await readTokenRequest(request);
    const privateKey = privateKeys.get(publicKey);
    if (privateKey === undefined) {
      throw new TokenRequestRefusal(
        "PUBLIC_KEY_UNKNOWN",
        `There is no key pair for the publicKey ${quote(publicKey)}.`,
      );
    }
    const requested = orInvalid(() => canonicalParameters(uploadPayload));
    const rules = await rulesFor(context, requested);
    if (isResponse(rules)) {
      return rules;
    }
    const parameters = applyPolicy(rules, requested);
    // The policy's own values were checked when it was compiled. Values that it replaces don't matter.
    orInvalid(() => assertParameterValues(parameters));
    if (!parameters.fileName) {
      throw new TokenRequestRefusal("FILE_NAME_MISSING", "The upload parameter fileName is missing.");
    }
    const token = await createUploadToken(
      { ...parameters, fileName: parameters.fileName },
      { publicKey, privateKey, expiresIn: Math.min(expire, rules.maxLifetime) },
    );
    return Response.json(sameStrings(parameters, uploadPayload) ? { token } : { token, parameters });
  };
}

function privateKeysByPublicKey(keys: KeyPair | readonly KeyPair[]): ReadonlyMap<string, string> {
  const pairs: readonly KeyPair[] = keys === undefined ? [] : "publicKey" in keys ? [keys] : keys;
  const privateKeys = new Map<string, string>();
  for (const pair of pairs) {
    assertKeyPair(pair);
    if (privateKeys.has(pair.publicKey)) {
      throw new TypeError("keys has two pairs with the same public key.");
    }
    privateKeys.set(pair.publicKey, pair.privateKey);
  }
  if (privateKeys.size === 0) {
    throw new TypeError("keys is empty: at least one key pair is needed to sign.");
  }
  return privateKeys;
}

function orInvalid<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    throw new TokenRequestRefusal("PARAMETER_INVALID", cause instanceof Error ? cause.message : "", { cause });
  }
}

function sameStrings(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && one[name] === other[name])
  );
}

type Rules<Context> = (
  context: Context,
  requested: Readonly<Record<string, string>>,
) => Awaitable<CompiledPolicy | Response>;

function compileRules<Context>(policy: UploadPolicy | PolicyFunction<Context>): Rules<Context> {
  if (typeof policy !== "function") {
    const compiled = compilePolicy(policy);
    return () => compiled;
  }
  return async (context, requested) => {
    const result = await policy(context, requested);
    return isResponse(result) ? result : compilePolicy(result);
  };
}
