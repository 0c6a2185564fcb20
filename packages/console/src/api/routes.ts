import type { operations, Shape } from "@sluice/protocol/schemas";
import type { TSchema } from "typebox";

/*
 * The types of requests and answers come from the records from which the server's routes and its OpenAPI document are
 * made. Only types are imported, so the console loads none of the schemas.
 */

type Operations = typeof operations;
type ByRoute = {
  [Name in keyof Operations as `${Operations[Name]["method"]} ${Operations[Name]["path"]}`]: Operations[Name];
};

/** The name of an operation as `call` takes it: `GET /v1/files`. */
export type Route = keyof ByRoute;

type OperationOf<Name extends Route> = ByRoute[Name];

type Value<Schema> = Schema extends TSchema ? Shape<Schema> : undefined;
type Member<Name extends "body" | "query", Of> = Of extends { readonly [Key in Name]: infer Schema }
  ? { readonly [Key in Name]: Value<Schema> }
  : unknown;
type Parameters<Of> = Of extends { readonly parameters: infer Names }
  ? { readonly parameters: { readonly [Key in keyof Names]: string } }
  : unknown;

/** The members of a request besides its route. */
export type Request<Name extends Route> = Parameters<OperationOf<Name>> &
  Partial<Member<"query", OperationOf<Name>>> &
  Member<"body", OperationOf<Name>>;

type Answers<Of> = Of extends { readonly answers: infer ByStatus } ? ByStatus : never;
type Successful<ByStatus> = { [Status in keyof ByStatus]: Value<ByStatus[Status]> }[keyof ByStatus];

/** The body of an operation's successful answer. */
export type Answer<Name extends Route> = Successful<Answers<OperationOf<Name>>>;
