import { checksText } from "@sluice/token";

/** The policy by which a backend lets pages upload, as the form of the workbench says it. */
export interface TokenPolicy {
  readonly folder: string;
  /** Whether each user has a folder of its own below that one. */
  readonly folderPerUser: boolean;
  /** The parameters that the page may name itself. */
  readonly allow: readonly string[];
  readonly isUnique: boolean;
  readonly isPrivate: boolean;
  readonly fileTypes: readonly string[];
  /** A number of bytes with its unit, or an empty text. */
  readonly maxSize: string;
  /** The lifetime of tokens in seconds. */
  readonly lifetime: number;
}

export const frameworks = ["Express", "Next.js", "Hono", "Fastify", "jsonwebtoken"] as const;
export type Framework = (typeof frameworks)[number];

/** The parameters that the policy forces for the user with this id, as the form sends them. */
export function forcedParameters(policy: TokenPolicy, userId: string): Record<string, string> {
  const checks = checksOf(policy);
  return {
    folder: policy.folderPerUser ? `${below(policy.folder)}${userId}/` : policy.folder,
    useUniqueFileName: String(policy.isUnique),
    ...(policy.isPrivate && { isPrivateFile: "true" }),
    ...(checks !== undefined && { checks }),
  };
}

/** @throws TypeError for types and sizes that no file has */
export function checksOf({ fileTypes, maxSize }: TokenPolicy): string | undefined {
  const checks = { ...(fileTypes.length > 0 && { fileTypes }), ...(maxSize !== "" && { maxSize }) };
  return Object.keys(checks).length === 0 ? undefined : checksText(checks);
}

/** The code of a backend's token route. It is JavaScript, which TypeScript takes as well. */
export function snippetOf(framework: Framework, policy: TokenPolicy, publicKey: string): string {
  return framework === "jsonwebtoken"
    ? withoutPackage(policy, publicKey)
    : hosts[framework](handler(policy, publicKey));
}

const session = `import { userOf } from "./session.js"; // yours: the user who asks, or undefined`;

const hosts: Readonly<Record<Exclude<Framework, "jsonwebtoken">, (handler: string) => string>> = {
  Express: (handler) => `import { toNodeListener, uploadTokenHandler } from "@sluice/token";
import express from "express";
${session}

${handler}

const app = express();
app.all("/upload-token", toNodeListener(uploadToken));
app.listen(process.env.PORT ?? 4000);
`,
  "Next.js": (handler) => `// app/upload-token/route.js
import { uploadTokenHandler } from "@sluice/token";
${session}

${handler}

export const POST = uploadToken;
`,
  Hono: (handler) => `import { serve } from "@hono/node-server";
import { uploadTokenHandler } from "@sluice/token";
import { Hono } from "hono";
${session}

${handler}

const app = new Hono();
app.all("/upload-token", (context) => uploadToken(context.req.raw));
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 4000) });
`,
  Fastify: (handler) => `import { toFastifyHandler, uploadTokenHandler } from "@sluice/token";
import fastify from "fastify";
${session}

${handler}

const app = fastify();
app.all("/upload-token", toFastifyHandler(uploadToken));
await app.listen({ port: Number(process.env.PORT ?? 4000) });
`,
};

function handler(policy: TokenPolicy, publicKey: string): string {
  const { allow, isUnique, isPrivate, fileTypes, maxSize, lifetime } = policy;
  const checks = [
    ...(fileTypes.length > 0 ? [`fileTypes: ${list(fileTypes)}`] : []),
    ...(maxSize !== "" ? [`maxSize: ${text(maxSize)}`] : []),
  ];
  const force = [
    `folder: ${folderCode(policy)}`,
    `useUniqueFileName: ${isUnique}`,
    ...(isPrivate ? ["isPrivateFile: true"] : []),
  ];
  return `const uploadToken = uploadTokenHandler({
  keys: { publicKey: ${text(publicKey)}, privateKey: process.env.SLUICE_PRIVATE_KEY ?? "" },
  authorize: (request) => userOf(request),
  policy: (user) => ({
    allow: ${list(allow)},
    force: { ${force.join(", ")} },${checks.length === 0 ? "" : `\n    checks: { ${checks.join(", ")} },`}
    maxLifetime: ${lifetime},
  }),
});`;
}

/** The same with jsonwebtoken alone. The token's id stands in the header: in the payload it would be a parameter. */
function withoutPackage(policy: TokenPolicy, publicKey: string): string {
  const { allow, isUnique, isPrivate, lifetime } = policy;
  const checks = checksOf(policy);
  const forced = [
    `folder: ${folderCode(policy)},`,
    `useUniqueFileName: "${isUnique}",`,
    ...(isPrivate ? [`isPrivateFile: "true",`] : []),
    ...(checks === undefined ? [] : [`checks: ${text(checks)},`]),
  ];
  return `import { randomUUID } from "node:crypto";
import express from "express";
import jwt from "jsonwebtoken";
${session}

const allowed = ${list(allow)};
const publicKey = ${text(publicKey)};

const app = express();
app.use(express.json());
app.post("/upload-token", async (request, response) => {
  const user = await userOf(request);
  if (!user) return response.status(401).json({ message: "Sign in first." });
  const asked = Object.entries(request.body?.uploadPayload ?? {});
  const wrong = asked.find(([name, value]) => !allowed.includes(name) || typeof value !== "string");
  if (wrong) return response.status(400).json({ message: \`\${wrong[0]} may not be set here.\` });
  // Every value is a string, as in the form, and the form sends exactly these parameters.
  const parameters = {
    ...Object.fromEntries(asked),
    ${forced.join("\n    ")}
  };
  const token = jwt.sign(parameters, process.env.SLUICE_PRIVATE_KEY ?? "", {
    expiresIn: ${lifetime},
    header: { alg: "HS256", typ: "JWT", kid: publicKey, jti: randomUUID() },
  });
  return response.json({ token, parameters });
});
app.listen(process.env.PORT ?? 4000);
`;
}

function folderCode({ folder, folderPerUser }: TokenPolicy): string {
  if (!folderPerUser) return text(folder);
  const literal = below(folder).replace(/[\\`$]/g, "\\$&");
  return `\`${literal}\${user.id}/\``;
}

function below(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
