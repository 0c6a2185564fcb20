import type { UploadResponse } from "@sluice/protocol";
import { createUploadToken } from "@sluice/token";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { ExtensionStatuses } from "../../extensions/extension.ts";
import { changeFileDetails } from "../../extensions/file-patch/patch-file.ts";
import type { CustomField } from "../../library/custom-metadata/field.ts";
import { createCustomField } from "../../library/custom-metadata/manage-fields.ts";
import type { DetailsChange } from "../../library/files/edit-files.ts";
import { publishFile, removeFileTransaction } from "../../library/files/edit-files.ts";
import { moveFileTo } from "../../library/files/organise-files.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import { verifyToken } from "../form/authorise/upload-token.ts";
import { burnToken } from "../ledger/token-transactions.ts";
import { askOutcome } from "../outcome/ask-outcome.ts";
import { UploadsUnderWay } from "../outcome/uploads-under-way.ts";
import { fieldsOnce, resolveCustomMetadata } from "../resolve/custom-metadata.ts";
import { type UploadRequest, validate } from "../resolve/validate.ts";
import { commit } from "../store/commit.ts";
import { keepLastAnswer } from "./answer-upload.ts";
import { respond } from "./respond.ts";

const publicUrl = "http://sluice.test";
const everything = "tags,customCoordinates,isPrivateFile,isPublished,customMetadata,selectedFieldsSchema";
const full = {
  fileName: "a.txt",
  folder: "/mine",
  tags: "mine,first",
  description: "as I sent it",
  customMetadata: '{"brand":"mine"}',
  customCoordinates: "1,2,3,4",
  isPublished: "true",
  responseFields: everything,
};

interface Upload {
  readonly token: string;
  readonly key: { readonly expires_at: number; readonly digest: Uint8Array };
  readonly request: UploadRequest;
  readonly asset: AssetRow;
  readonly fields: readonly CustomField[];
  readonly answered: UploadResponse;
}

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
    await addField("brand");
  });
  afterAll(() => fixture.close());

  async function addField(name: string): Promise<void> {
    const { parts, principal, time } = fixture;
    const field = { name, label: name, description: null, schema: { type: "Text" } as const };
    const input = { accountId: principal.accountId, fieldId: newId(time), now: time, field };
    expect(await parts.database.run(createCustomField, input)).toMatchObject({ outcome: "done" });
  }

  /** Does what an upload with a token does, from burning the token to the answer. */
  async function upload(
    claims: { readonly fileName: string } & Readonly<Record<string, string>>,
    statuses?: ExtensionStatuses,
  ): Promise<Upload> {
    const { services, principal, parts, time } = fixture;
    const keys = { publicKey: "public_demo", privateKey: "private_demo" };
    const token = await createUploadToken(claims, { ...keys, expiresIn: 60 });
    const { digest, expiresAt } = (await verifyToken(services.accountsByKey, token, time)).token;
    await parts.database.run(burnToken, {
      accountId: principal.accountId,
      digest,
      expiresAt,
      attempt: null,
      now: time,
    });
    const key = { digest, expires_at: expiresAt };
    const request = validate(new Map(Object.entries(claims)));
    const custom = await resolveCustomMetadata(fieldsOnce(parts.customFields), principal, request);
    const media = { mime: "image/png", kind: "picture", width: 3, height: 4 } as const;
    const answer = { publicUrl, imagekitId: "demo", fields: custom.fields, extensionStatus: statuses };
    const file = parts.spool.create();
    try {
      await file.write(Buffer.from("hello"));
      const spooled = await file.finish();
      const { customMetadata, fields } = custom;
      const toCommit = { principal, request, media, spooled, customMetadata, token: key, answer };
      const asset = await commit(services, toCommit, never);
      return { token, key, request, asset, fields, answered: respond(asset, request.responseFields, answer) };
    } finally {
      await file.discard();
    }
  }

  async function ask({ token }: Upload) {
    const services = { ...fixture.services, publicUrl: () => publicUrl, uploadsUnderWay: new UploadsUnderWay() };
    return askOutcome(services, { token }, fixture.time, never);
  }

  const target = ({ asset }: Upload) => ({ accountId: asset.account_id, fileId: asset.file_id, now: fixture.time });

  async function change(of: Upload, details: DetailsChange): Promise<void> {
    expect(await fixture.parts.database.run(changeFileDetails, { ...target(of), details })).toMatchObject({
      outcome: "done",
    });
  }

  async function editEverything(of: Upload): Promise<void> {
    await change(of, {
      tags: ["secret"],
      description: "secret",
      customCoordinates: "5,6,7,8",
      customMetadata: { change: { brand: "secret" }, defaults: {} },
    });
    const publication = { isPublished: of.asset.is_published === 0, includeFileVersions: true };
    await fixture.parts.database.run(publishFile, { ...target(of), publication });
  }

  /** Moves and renames the file as a later version of this program will. */
  async function move({ asset }: Upload): Promise<string> {
    await fixture.upload("another", { folder: "/secret", fileName: "other.txt" });
    const name = `secret-${asset.id}.txt`;
    const other = openOtherConnection(fixture.config);
    try {
      const folder = other.selectFrom("folders").select("id").where("path", "=", "/secret");
      const { id } = await folder.where("account_id", "=", asset.account_id).executeTakeFirstOrThrow();
      await other.updateTable("files").set({ folder_id: id, name }).where("id", "=", asset.file_id).execute();
    } finally {
      await other.destroy();
    }
    return name;
  }

  test.each([1, 2])(
    "an upload of version %i is answered as it was after its file is merged into another",
    async (n) => {
      await fixture.upload("there", { folder: "/merged", fileName: "a.txt" });
      if (n === 2) await fixture.upload("first", { fileName: "a.txt" });
      const sent = await upload({ fileName: "a.txt", useUniqueFileName: "false" });
      const { accountId } = fixture.principal;
      const from = { folder: "/", name: "a.txt" };
      const moved = { accountId, from, folder: "/merged", now: fixture.time };
      expect(await fixture.parts.database.run(moveFileTo, moved)).toMatchObject({ outcome: "done" });
      expect(sent.answered.versionInfo.name).toBe(`Version ${n}`);
      expect(await ask(sent)).toEqual({ outcome: "stored", response: sent.answered });
    },
  );

  test.each([
    ["everything", full],
    ["nothing but a name", { fileName: "a.txt" }],
    ["a draft, with no more than the answer's own fields", { ...full, isPublished: "false", responseFields: "" }],
    ["a draft that says so", { fileName: "a.txt", isPublished: "false", responseFields: "isPublished,tags" }],
  ])("an upload that sent %s is answered as it was, edits and moves notwithstanding", async (_, claims) => {
    const sent = await upload(claims);
    expect(await ask(sent)).toEqual({ outcome: "stored", response: sent.answered });
    await editEverything(sent);
    await fixture.upload("later", { folder: "/secret", fileName: await move(sent), tags: "secret" });
    const outcome = await ask(sent);
    expect(outcome).toEqual({ outcome: "stored", response: sent.answered });
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test("what the upload has kept of the version before is in its answer, and stays so", async () => {
    const fixed = { fileName: "kept.txt", useUniqueFileName: "false", responseFields: "tags,customMetadata" };
    await upload({ ...fixed, tags: "old", description: "old", customMetadata: '{"brand":"old"}' });
    const keeping = { overwriteTags: "false", overwriteDescription: "false", overwriteCustomMetadata: "false" };
    const sent = await upload({ ...fixed, ...keeping });
    expect(sent.answered).toMatchObject({ tags: ["old"], description: "old", customMetadata: { brand: "old" } });
    await editEverything(sent);
    expect(await ask(sent)).toEqual({ outcome: "stored", response: sent.answered });
  });

  test("the statuses of extensions are those of the answer, with what they had found by then", async () => {
    const first = { tagging: "pending", missing: "failed" } as const;
    const sent = await upload({ fileName: "a.txt" }, first);
    expect(await ask(sent)).toMatchObject({ response: { extensionStatus: first, AITags: null } });
    const last = { tagging: "success", missing: "failed" } as const;
    const context = { publicUrl, imagekitId: "demo", fields: [] };
    await keepLastAnswer(
      fixture.services,
      { token: sent.key, session: undefined },
      {
        asset: { ...sent.asset, ai_tags: '[{"name":"Cat"}]' },
        responseFields: sent.request.responseFields,
        first: { ...context, extensionStatus: first },
        last: { ...context, extensionStatus: last },
      },
    );
    const response = { ...sent.answered, extensionStatus: last, AITags: [{ name: "Cat" }] };
    expect(await ask(sent)).toEqual({ outcome: "stored", response });
  });

  test("fields of custom metadata that have changed since are not described", async () => {
    const sent = await upload({ fileName: "a.txt", responseFields: "selectedFieldsSchema" });
    expect(await ask(sent)).toEqual({ outcome: "stored", response: sent.answered });
    await addField("secret");
    const { selectedFieldsSchema, ...others } = sent.answered;
    expect(selectedFieldsSchema).toEqual({ brand: { type: "Text" } });
    expect(await ask(sent)).toEqual({ outcome: "stored", response: others });
  });

  test("a file that has been deleted since was stored, and nothing more is told of it", async () => {
    const sent = await upload(full);
    await fixture.parts.database.run(removeFileTransaction, target(sent));
    expect(await ask(sent)).toEqual({ outcome: "stored", response: null });
  });

  test("where an earlier version has kept nothing, edits are not shown either", async () => {
    const sent = await upload({ ...full, responseFields: "tags,customCoordinates,isPublished,customMetadata" });
    const other = openOtherConnection(fixture.config);
    await other.updateTable("used_tokens").set({ answer: null }).execute();
    await other.destroy();
    expect(await ask(sent)).toEqual({ outcome: "stored", response: sent.answered });
    fixture.time += 1000;
    await editEverything(sent);
    expect(await ask(sent)).toEqual({ outcome: "stored", response: sent.answered });
  });
});
