import { type ErrorReason, SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import { changeTags, removeSeveralFiles } from "../../library/files/bulk-files.ts";
import { checkTags, maxTagsLength } from "../../library/parameters/values.ts";
import { assertKnownMembers, namingParameter, ParameterProblem } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { type CallerDeps, changeOf, trashMsFor } from "./files.ts";

type BulkFilesDeps = AuthDeps &
  Pick<CallerDeps, "now" | "publicUrl"> &
  DepsOf<typeof removeSeveralFiles> &
  DepsOf<typeof changeTags> & { readonly config: Pick<Config, "trash"> };

const tagChanges = [
  { operation: operations.addTags, parse: parseBulkTags, change: "addTags" },
  { operation: operations.removeTags, parse: parseBulkTags, change: "removeTags" },
  { operation: operations.removeAITags, parse: parseBulkAiTags, change: "removeAiTags" },
] as const;

/** The calls that change several files at once (docs/protocol/media-api.md §6). */
export function bulkFilesRoutes(services: BulkFilesDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.deleteFiles, async (request) => {
      const { accountId } = principalOfRequest(request);
      const trashMs = trashMsFor(services, request.query);
      const asked = { accountId, ...parseBulkDelete(jsonObjectOf(request.body)), trashMs };
      const deleted = await removeSeveralFiles(services, { ...asked, ...changeOf(services, request) });
      return { successfullyDeletedFileIds: deleted };
    });
    for (const { operation, parse, change } of tagChanges) {
      addRoute(app, operation, async (request, reply) => {
        const { accountId } = principalOfRequest(request);
        const asked = parse(jsonObjectOf(request.body));
        const target = { accountId, ...asked, ...changeOf(services, request) };
        const { successful: successfullyUpdatedFileIds, errors } = await changeTags(services, change, target);
        if (errors.length === 0) return { successfullyUpdatedFileIds };
        return reply.code(207).send({ successfullyUpdatedFileIds, errors });
      });
    }
  };
}

type Body = Readonly<Record<string, unknown>>;

/** The largest number of files that one request deletes, and that it edits (docs/protocol/media-api.md §3). */
const maxFilesToDelete = 100;
const maxFilesToEdit = 50;

/**
 * Parses the body of `POST /v1/files/batch/deleteByFileIds` (docs/protocol/media-api.md §6).
 * @throws SluiceError for the first thing that is wrong
 */
function parseBulkDelete(body: Body): { readonly fileIds: readonly string[] } {
  assertKnownMembers(body, ["fileIds"]);
  return { fileIds: parseFileIds(body.fileIds, maxFilesToDelete, "TOO_MANY_FILES_TO_DELETE") };
}

interface BulkTags {
  readonly fileIds: readonly string[];
  readonly tags: readonly string[];
}

/** Parses the body of `POST /v1/files/addTags` and `removeTags`. @throws SluiceError for the first thing that is wrong */
function parseBulkTags(body: Body): BulkTags {
  assertKnownMembers(body, ["fileIds", "tags"]);
  const fileIds = parseFileIds(body.fileIds, maxFilesToEdit, "TOO_MANY_FILES_TO_EDIT");
  if (isAbsent(body.tags)) throw new SluiceError("TAGS_MISSING");
  return { fileIds, tags: namingParameter("tags", () => parseTags(body.tags)) };
}

/** Parses the body of `POST /v1/files/removeAITags`. @throws SluiceError for the first thing that is wrong */
function parseBulkAiTags(body: Body): BulkTags {
  assertKnownMembers(body, ["fileIds", "AITags"]);
  const fileIds = parseFileIds(body.fileIds, maxFilesToEdit, "TOO_MANY_FILES_TO_EDIT");
  const names = body.AITags;
  if (isAbsent(names)) throw new SluiceError("AI_TAGS_MISSING");
  if (!isTexts(names)) throw new SluiceError("AI_TAGS_INVALID");
  if (names.length === 0) throw new SluiceError("AI_TAGS_EMPTY");
  return { fileIds, tags: names };
}

/** An id that is malformed is looked for as well: clients tell files that are missing by it (§12.11). */
export function parseFileIds(
  ids: unknown,
  max: number,
  tooMany: ErrorReason & ("TOO_MANY_FILES_TO_DELETE" | "TOO_MANY_FILES_TO_EDIT"),
): readonly string[] {
  if (isAbsent(ids)) throw new SluiceError("FILE_IDS_MISSING");
  if (!isTexts(ids)) throw new SluiceError("FILE_IDS_NO_ARRAY");
  if (ids.length === 0) throw new SluiceError("FILE_IDS_EMPTY");
  if (ids.length > max) throw new SluiceError(tooMany);
  return ids;
}

function parseTags(value: unknown): readonly string[] {
  if (!isTexts(value)) throw new ParameterProblem("It must be an array of strings.");
  const tags = value.map((tag) => tag.trim()).filter(Boolean);
  if (tags.length === 0) throw new SluiceError("TAGS_EMPTY");
  if ([...tags.join("")].length > maxTagsLength) throw new SluiceError("TAGS_TOO_LONG");
  return checkTags(tags);
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
