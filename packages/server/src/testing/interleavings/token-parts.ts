import { createUploadToken } from "@sluice/token";
import { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { CustomFields } from "../../library/custom-metadata/custom-fields.ts";
import { expireTokens } from "../../maintenance/expire-tokens.ts";
import type { Authoriser } from "../../upload/form/authorise/authoriser.ts";
import { chooseAuthoriser } from "../../upload/form/authorise/choose-authoriser.ts";
import { burnToken } from "../../upload/ledger/token-transactions.ts";
import { askOutcome } from "../../upload/outcome/ask-outcome.ts";
import { UploadsUnderWay } from "../../upload/outcome/uploads-under-way.ts";
import { validate } from "../../upload/resolve/validate.ts";
import { commit } from "../../upload/store/commit.ts";
import { noScanner } from "../../virus-scan/virus-scanner.ts";
import { never } from "../upload-fixture.ts";
import type { History, Node, Part } from "./scenario.ts";

const hour = 3_600_000;
const lifetime = hour;
const nothing = () => Promise.reject(new Error("nothing is to be rendered"));

/** Makes the parts that are played around one token. */
export function tokenParts() {
  let token = "";
  /** The requests under way, with their times of arrival. */
  const underWay = new Set<{ readonly arrivedAt: number }>();

  const mint: Part = async ({ services }) => {
    underWay.clear();
    const keys = { publicKey: "public_demo", privateKey: "private_demo" };
    const options = { ...keys, expiresIn: lifetime / 1000, now: services.now() / 1000 };
    token = await createUploadToken({ fileName: "a.txt" }, options);
  };

  async function admit(services: Node["services"], history: History, arrivedAt: number): Promise<Authoriser> {
    const authoriser = await chooseAuthoriser(
      {
        ...services,
        accountsByKey: new AccountsByKey(services.database.reader),
        images: { assertRoom: async () => undefined },
        scanner: noScanner,
      },
      { apiVersion: 2, authorization: undefined, contentLength: 0, onBurn: () => undefined, arrivedAt },
      { tryAdmit: () => true, admit: async () => undefined },
      { size: 0, maxFileBytes: 0 },
    );
    await authoriser.field("token", token);
    history.admissions.push(token);
    return authoriser;
  }

  /** An upload's request, from its arrival to the end of the field that carries the token. */
  const present: Part = async ({ history, services }) => {
    const request = { arrivedAt: services.now() };
    underWay.add(request);
    try {
      await admit(services, history, request.arrivedAt);
    } finally {
      underWay.delete(request);
    }
  };

  /**
   * Lets time pass in three steps: beyond the token's expiry, then the time of the longest possible request, then the
   * day for which used tokens are kept beyond that. The last step waits until no request is under way that arrived
   * longer ago than the longest possible request takes.
   */
  const passLifetime: Part = async ({ passTime, services }) => {
    const { requestMs } = services.config.limits;
    await passTime(lifetime + 1000);
    await passTime(requestMs);
    await passTime(24 * hour, () => [...underWay].every(({ arrivedAt }) => arrivedAt + requestMs >= services.now()));
  };

  /** A whole upload, always with the same content. */
  const uploadWithToken: Part = async ({ fixture, fileNames, history, services, spooled }) => {
    const { token: key } = await admit(services, history, services.now());
    const request = validate(new Map(Object.entries({ fileName: "a.txt", useUniqueFileName: "false" })));
    const media = { mime: "text/plain", kind: "other" } as const;
    const received = { principal: fixture.principal, request, media, spooled: spooled("H"), token: key };
    const asset = await commit(services, received, never);
    fileNames.set(asset.file_id, "a.txt");
    history.acknowledged.push({ versionId: asset.id, fileId: asset.file_id, fileName: "a.txt", content: "H" });
  };

  /** Asks for the outcome as a client without an answer, at another node than the upload's, which doesn't wait. */
  const ask: Part = async ({ history, services }) => {
    const asked = {
      ...services,
      config: { ...services.config, limits: { ...services.config.limits, outcomeMs: 0 } },
      accountsByKey: new AccountsByKey(services.database.reader),
      customFields: new CustomFields(services.database.reader),
      images: { render: nothing, fingerprint: nothing, readHeader: nothing },
      publicUrl: () => "http://localhost",
      uploadsUnderWay: new UploadsUnderWay(),
    };
    history.told.push((await askOutcome(asked, { token }, services.now(), never)).outcome);
  };

  return { mint, present, uploadWithToken, ask, passLifetime, currentToken: () => token };
}

/** Uses another token, which expires long after the first. */
export const useLaterToken: Part = async ({ fixture, services }) => {
  const expiresAt = Math.floor(services.now() / 1000) + 10 * 24 * 3600;
  const { accountId } = fixture.principal;
  await services.database.run(burnToken, {
    accountId,
    digest: new Uint8Array(32),
    expiresAt,
    attempt: null,
    now: services.now(),
  });
};

export const expire: Part = async ({ services }) => {
  await expireTokens(services, never);
};

/** Expires tokens by a clock that is ten days ahead. */
export const expireAhead: Part = async ({ services }) => {
  await expireTokens({ ...services, now: () => services.now() + 10 * 24 * hour }, never);
};
