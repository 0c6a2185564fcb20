import type { Operation } from "@sluice/protocol/schemas";
import buildSerializer, { type Schema } from "fast-json-stringify";
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  FastifySerializerCompiler,
  RouteShorthandOptions,
} from "fastify";

/** The parameters of a path, by their names after a colon. */
type ParametersOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name]: string } & ParametersOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [Key in Name]: string }
    : unknown;

type RequestOf<Path extends string> = FastifyRequest<{
  Params: ParametersOf<Path>;
  Querystring: Record<string, unknown>;
}>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** The description of the route. The API's reference is made from it. */
    operation?: Operation;
  }
}

/** Serialises without a schema, where the schema's serialiser would cost more than it saves. */
export const asPlainJson = { serializerCompiler: () => (value: unknown) => JSON.stringify(value) } as const;

/**
 * Builds a serialiser when an answer first needs it. Fastify would build those of all routes at the start, which took a
 * tenth of the start's processor time.
 */
const serializeLater: FastifySerializerCompiler<FastifySchema> = ({ schema }) => {
  let serialize: ((value: unknown) => string) | undefined;
  return (value) => {
    serialize ??= buildSerializer(schema as Schema);
    return serialize(value);
  };
};

/** Adds the route that an operation describes: its method, its path, and the serialisers of its answers. */
export function addRoute<const Path extends string>(
  app: FastifyInstance,
  operation: Operation & { readonly path: Path },
  handler: (request: RequestOf<Path>, reply: FastifyReply) => unknown,
  { config, ...options }: RouteShorthandOptions = {},
): void {
  const { method, path: url, answers } = operation;
  // Text and bytes are sent as they are.
  const json = Object.entries(answers).filter(([, schema]) => schema !== null && !("contentMediaType" in schema));
  app.route<{ Params: ParametersOf<Path>; Querystring: Record<string, unknown> }>({
    serializerCompiler: serializeLater,
    ...options,
    method,
    url,
    ...(json.length > 0 && { schema: { response: Object.fromEntries(json) } }),
    config: { ...config, operation },
    handler,
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what a use case takes besides and answers is its own affair
type UseCase = (deps: any, ...others: any[]) => unknown;

/** The needs of a use case, its first argument. The use case's route is given the same needs. */
export type DepsOf<Called extends UseCase> = Parameters<Called>[0];
