import { CreatedKeyPair, KeyPairList, KeyPairRotation, NewKeyPair } from "../schemas/key-pair.ts";
import { managing } from "./access.ts";
import type { Operation } from "./operation.ts";
import { keyPairId } from "./path-parameters.ts";

const parameters = { id: keyPairId };

export const keyPairs = {
  listKeyPairs: {
    id: "list-key-pairs",
    method: "GET",
    path: "/_sluice/keys",
    tag: "Accounts",
    summary: "List the key pairs in force",
    description: "Private keys are never listed.",
    access: managing,
    answers: { 200: KeyPairList },
    errors: [],
  },
  createKeyPair: {
    id: "create-key-pair",
    method: "POST",
    path: "/_sluice/keys",
    tag: "Accounts",
    summary: "Make a key pair with a role",
    access: managing,
    body: NewKeyPair,
    answers: { 201: CreatedKeyPair },
    errors: ["PARAMETER_INVALID", "TOO_MANY_KEY_PAIRS"],
  },
  rotateKeyPair: {
    id: "rotate-key-pair",
    method: "POST",
    path: "/_sluice/keys/:id/rotate",
    tag: "Accounts",
    summary: "Replace a key pair by one with the same role",
    access: managing,
    parameters,
    body: KeyPairRotation,
    answers: { 201: CreatedKeyPair },
    errors: ["PARAMETER_INVALID", "KEY_PAIR_NOT_FOUND", "KEY_PAIR_CONFIGURED", "KEY_PAIR_ENDING", "TOO_MANY_KEY_PAIRS"],
  },
  revokeKeyPair: {
    id: "revoke-key-pair",
    method: "DELETE",
    path: "/_sluice/keys/:id",
    tag: "Accounts",
    summary: "End a key pair at once",
    description: "Uploads that were begun with it are not stored any more.",
    access: managing,
    parameters,
    answers: { 204: null },
    errors: ["KEY_PAIR_NOT_FOUND", "KEY_PAIR_CONFIGURED", "LAST_KEY_PAIR"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
