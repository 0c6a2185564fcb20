import { AnyObject, anybody, type Operation } from "@sluice/protocol/schemas";
import { Type } from "typebox";
import { demoPath, demoSecretHeader } from "../../web/demo/demo-secret.ts";

const page = (description: string) => Type.String({ contentMediaType: "text/html", description });

/** A refusal of the token handler, or of the demo. */
const refused = Type.Object({ message: Type.String(), help: Type.Optional(Type.String()), reason: Type.String() });

/** The pages of the server itself, and what pages of others load from it. */
export const pageOperations = {
  getLandingPage: {
    id: "get-landing-page",
    method: "GET",
    path: "/",
    tag: "Server",
    summary: "See what runs here",
    description: "Browsers get the same as a page.",
    access: anybody,
    alsoAsPage: true,
    answers: {
      200: Type.Object({
        name: Type.Literal("sluice"),
        version: Type.String(),
        links: Type.Record(Type.String(), Type.String()),
      }),
    },
    errors: [],
  },
  getOpenApi: {
    id: "get-openapi",
    method: "GET",
    path: "/openapi.json",
    tag: "Server",
    summary: "Get this document",
    access: anybody,
    answers: { 200: AnyObject, 304: null },
    errors: [],
  },
  getDocumentation: {
    id: "get-documentation",
    method: "GET",
    path: "/docs",
    tag: "Server",
    summary: "Read the documentation",
    description:
      "Its pages are below, at `/docs/getting-started` for example. The status is 503 while the site is being built, and where there is none.",
    access: anybody,
    answers: { 200: page("The page."), 301: null, 304: null, 503: page("A page that says what is missing.") },
    errors: [],
  },
  getReference: {
    id: "get-api-reference",
    method: "GET",
    path: "/docs/api",
    tag: "Server",
    summary: "Read the API's reference",
    description: "This document as a page.",
    access: anybody,
    answers: { 200: page("The page.") },
    errors: [],
  },
  getClient: {
    id: "get-client",
    method: "GET",
    path: "/_sluice/client.js",
    tag: "Server",
    summary: "Load the browser client",
    description: "`@sluice/client` as an ES module, for pages of any origin.",
    access: anybody,
    answers: { 200: Type.String({ contentMediaType: "text/javascript", description: "The module." }), 304: null },
    errors: [],
  },
  getConsole: {
    id: "get-console",
    method: "GET",
    path: "/console",
    tag: "Console",
    summary: "Open the web console",
    description:
      "The page is the same at every path below. The status is 503 while the console is being built, and where there is none. " +
      "With `--console-origin`, other hosts lead there.",
    access: anybody,
    answers: { 200: page("The page."), 302: null, 503: page("A page that says what is missing.") },
    errors: [],
  },
  getDemoPage: {
    id: "get-demo-page",
    method: "GET",
    path: demoPath,
    tag: "Server",
    summary: "Open the upload demo",
    description: "Only where the demo is on.",
    access: anybody,
    answers: { 200: page("The page.") },
    errors: ["PRIVATE_KEY_EXPIRED"],
  },
  mintDemoToken: {
    id: "mint-demo-token",
    method: "POST",
    path: `${demoPath}/token`,
    tag: "Server",
    summary: "Mint a token for the demo's page",
    description: `Only where the demo is on, and only with the secret of the link that the server printed at its start, in the header \`${demoSecretHeader}\`.`,
    access: anybody,
    body: AnyObject,
    answers: {
      200: Type.Object({ token: Type.String(), parameters: Type.Optional(AnyObject) }),
      400: refused,
      403: refused,
      413: refused,
    },
    errors: ["PRIVATE_KEY_EXPIRED"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
