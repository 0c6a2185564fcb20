import { OriginList, OriginObject, OriginRequest } from "../schemas/origin.ts";
import { changing, reading } from "./access.ts";
import type { Operation } from "./operation.ts";
import { originId } from "./path-parameters.ts";

const parameters = { id: originId };
const refusedBodies = ["PARAMETER_INVALID", "ORIGIN_TYPE_INVALID", "ORIGIN_INVALID", "SECRETS_KEY_MISSING"] as const;
const description = "No answer has the secrets of an origin.";

export const origins = {
  listOrigins: {
    id: "list-origins",
    method: "GET",
    path: "/v1/accounts/origins",
    tag: "Accounts",
    summary: "List the origins",
    description,
    sdk: "accounts.origins.list",
    access: reading,
    answers: { 200: OriginList },
    errors: [],
  },
  createOrigin: {
    id: "create-origin",
    method: "POST",
    path: "/v1/accounts/origins",
    tag: "Accounts",
    summary: "Create an origin",
    description: `${description} Types with secrets need a server with a key for them: \`--secrets-key\`, or the one that a server on SQLite makes.`,
    sdk: "accounts.origins.create",
    access: changing,
    body: OriginRequest,
    answers: { 201: OriginObject },
    errors: [...refusedBodies, "TOO_MANY_ORIGINS"],
  },
  getOrigin: {
    id: "get-origin",
    method: "GET",
    path: "/v1/accounts/origins/:id",
    tag: "Accounts",
    summary: "Get an origin",
    description,
    sdk: "accounts.origins.get",
    access: reading,
    parameters,
    answers: { 200: OriginObject },
    errors: ["ORIGIN_NOT_FOUND"],
  },
  replaceOrigin: {
    id: "update-origin",
    method: "PUT",
    path: "/v1/accounts/origins/:id",
    tag: "Accounts",
    summary: "Replace an origin",
    description: "The body is the whole origin, its secrets included.",
    sdk: "accounts.origins.update",
    access: changing,
    parameters,
    body: OriginRequest,
    answers: { 200: OriginObject },
    errors: [...refusedBodies, "ORIGIN_NOT_FOUND"],
  },
  deleteOrigin: {
    id: "delete-origin",
    method: "DELETE",
    path: "/v1/accounts/origins/:id",
    tag: "Accounts",
    summary: "Delete an origin",
    sdk: "accounts.origins.delete",
    access: changing,
    parameters,
    answers: { 204: null },
    errors: ["ORIGIN_NOT_FOUND", "ORIGIN_IN_USE"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
