import { operations } from "@sluice/protocol/schemas";
import { uploadTokenHandler } from "@sluice/token";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { addRoute, asPlainJson } from "../../add-route.ts";
import { signedInSessionOf } from "../../plugins/console-session.ts";

export interface MintTokenNeeds {
  readonly logger: Pick<Logger, "error">;
}

/**
 * Mints a token for one upload, as a backend of the guide does. The session may do everything, so its policy refuses no
 * parameter.
 */
export function addMintToken(app: FastifyInstance, { logger }: MintTokenNeeds): void {
  const { path } = operations.mintConsoleToken;
  addRoute(
    app,
    operations.mintConsoleToken,
    async (request) => {
      const { public_key: publicKey, private_key: privateKey } = signedInSessionOf(request).row;
      const mint = uploadTokenHandler({
        keys: { publicKey, privateKey },
        authorize: () => true,
        policy: { refuse: [] },
        onError: (error) => logger.error({ err: error }, "the console could not mint a token"),
      });
      return mint(
        new Request(`http://localhost${path}`, {
          method: "POST",
          body: (request.body ?? null) as Buffer<ArrayBuffer> | null,
        }),
      );
    },
    asPlainJson,
  );
}
