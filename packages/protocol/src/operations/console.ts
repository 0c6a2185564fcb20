import {
  ConsoleSession,
  ConsoleSessionList,
  ConsoleSignIn,
  ConsoleToken,
  ConsoleTokenRefusal,
  ConsoleTokenRequest,
} from "../schemas/console.ts";
import { anybody, managing, signedIn, signedInToChange } from "./access.ts";
import type { Operation } from "./operation.ts";
import { consoleSessionId } from "./path-parameters.ts";

const tag = "Console";

/** The operations that the web console needs besides the API that every program has. */
export const consoleOperations = {
  signInToConsole: {
    id: "sign-in-to-console",
    method: "POST",
    path: "/_sluice/console/session",
    tag,
    summary: "Sign in to the console",
    description: "Sets the session's cookie. A session that the browser had before ends.",
    access: anybody,
    body: ConsoleSignIn,
    answers: { 201: ConsoleSession },
    errors: [
      "PARAMETER_INVALID",
      "CONSOLE_SIGN_IN_FAILED",
      "CONSOLE_LINK_INVALID",
      "TOO_MANY_SIGN_INS",
      "CONSOLE_REQUEST_FOREIGN",
      "CONSOLE_ELSEWHERE",
      "CONSOLE_NEEDS_HTTPS",
    ],
  },
  getConsoleSession: {
    id: "get-console-session",
    method: "GET",
    path: "/_sluice/console/session",
    tag,
    summary: "Get the console's session",
    description: "Who is signed in, and what the console needs to know of the account and the server.",
    access: signedIn,
    answers: { 200: ConsoleSession },
    errors: [],
  },
  signOutOfConsole: {
    id: "sign-out-of-console",
    method: "DELETE",
    path: "/_sluice/console/session",
    tag,
    summary: "Sign out of the console",
    access: signedIn,
    answers: { 204: null },
    errors: [],
  },
  listConsoleSessions: {
    id: "list-console-sessions",
    method: "GET",
    path: "/_sluice/console/sessions",
    tag,
    summary: "List the account's sessions of the console",
    access: managing,
    answers: { 200: ConsoleSessionList },
    errors: [],
  },
  endConsoleSession: {
    id: "end-console-session",
    method: "DELETE",
    path: "/_sluice/console/sessions/:id",
    tag,
    summary: "End a session of the console",
    access: managing,
    parameters: { id: consoleSessionId },
    answers: { 204: null },
    errors: ["CONSOLE_SESSION_NOT_FOUND"],
  },
  mintConsoleToken: {
    id: "mint-console-token",
    method: "POST",
    path: "/_sluice/console/upload-tokens",
    tag,
    summary: "Mint a token for one upload",
    description: "Uploads never take a session, so the console asks for a token for each of them.",
    access: signedInToChange,
    body: ConsoleTokenRequest,
    answers: { 200: ConsoleToken, 400: ConsoleTokenRefusal, 413: ConsoleTokenRefusal },
    errors: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
