import { UrlEndpointList, UrlEndpointObject, UrlEndpointRequest } from "../schemas/url-endpoint.ts";
import { changing, reading } from "./access.ts";
import type { Operation } from "./operation.ts";
import { urlEndpointId } from "./path-parameters.ts";

const parameters = { id: urlEndpointId };

const refusedBodies = [
  "PARAMETER_INVALID",
  "URL_ENDPOINT_INVALID",
  "URL_PREFIX_EMPTY",
  "URL_PREFIX_TAKEN",
  "URL_ENDPOINT_ORIGIN_UNKNOWN",
] as const;

export const urlEndpoints = {
  listUrlEndpoints: {
    id: "list-url-endpoints",
    method: "GET",
    path: "/v1/accounts/url-endpoints",
    tag: "Accounts",
    summary: "List the URL endpoints",
    description: "The default endpoint comes first.",
    sdk: "accounts.urlEndpoints.list",
    access: reading,
    answers: { 200: UrlEndpointList },
    errors: [],
  },
  createUrlEndpoint: {
    id: "create-url-endpoint",
    method: "POST",
    path: "/v1/accounts/url-endpoints",
    tag: "Accounts",
    summary: "Create a URL endpoint",
    sdk: "accounts.urlEndpoints.create",
    access: changing,
    body: UrlEndpointRequest,
    answers: { 201: UrlEndpointObject },
    errors: [...refusedBodies, "TOO_MANY_URL_ENDPOINTS"],
  },
  getUrlEndpoint: {
    id: "get-url-endpoint",
    method: "GET",
    path: "/v1/accounts/url-endpoints/:id",
    tag: "Accounts",
    summary: "Get a URL endpoint",
    sdk: "accounts.urlEndpoints.get",
    access: reading,
    parameters,
    answers: { 200: UrlEndpointObject },
    errors: ["URL_ENDPOINT_NOT_FOUND"],
  },
  replaceUrlEndpoint: {
    id: "update-url-endpoint",
    method: "PUT",
    path: "/v1/accounts/url-endpoints/:id",
    tag: "Accounts",
    summary: "Replace a URL endpoint",
    sdk: "accounts.urlEndpoints.update",
    access: changing,
    parameters,
    body: UrlEndpointRequest,
    answers: { 200: UrlEndpointObject },
    errors: [...refusedBodies, "URL_ENDPOINT_NOT_FOUND"],
  },
  deleteUrlEndpoint: {
    id: "delete-url-endpoint",
    method: "DELETE",
    path: "/v1/accounts/url-endpoints/:id",
    tag: "Accounts",
    summary: "Delete a URL endpoint",
    sdk: "accounts.urlEndpoints.delete",
    access: changing,
    parameters,
    answers: { 204: null },
    errors: ["URL_ENDPOINT_NOT_FOUND", "URL_ENDPOINT_DEFAULT"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
