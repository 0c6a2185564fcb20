import { removeFile, removeFileVersion, restoreFileVersion } from "../../library/files/edit-files.ts";
import { restoreFiles } from "../../library/trash/manage-trash.ts";
import { releaseContents, sweepBlobs } from "../../maintenance/sweep-blobs.ts";
import { validate } from "../../upload/resolve/validate.ts";
import { commit } from "../../upload/store/commit.ts";
import { never } from "../upload-fixture.ts";
import type { History, Node, Part } from "./scenario.ts";

/** The last steps of an upload of `content`. If the file exists already, the upload becomes its next version. */
export function upload(fileName: `${string}.txt`, content = "H"): Part {
  return async ({ fixture, fileNames, history, services, spooled }) => {
    const request = validate(new Map(Object.entries({ fileName, useUniqueFileName: "false" })));
    const media = { mime: "text/plain", kind: "other" } as const;
    const received = { principal: fixture.principal, request, media, spooled: spooled(content) };
    const asset = await commit(services, received, never);
    fileNames.set(asset.file_id, fileName);
    history.acknowledged.push({ versionId: asset.id, fileId: asset.file_id, fileName, content });
  };
}

/** The `number`th acknowledged version of `fileName`. */
function versionOf({ acknowledged }: History, fileName: string, number = 1) {
  const version = acknowledged.filter((one) => one.fileName === fileName)[number - 1];
  if (version === undefined) throw new Error(`${fileName} has no version ${number} yet`);
  return version;
}

export function remove(fileName: string): Part {
  return async ({ fixture, history, services }) => {
    const { fileId } = versionOf(history, fileName);
    history.removed.add(fileId);
    await removeFile(services.database, { accountId: fixture.principal.accountId, fileId, trashMs: null });
  };
}

/** Puts the file into the trash. Its versions stay acknowledged. */
export function trash(fileName: string): Part {
  return async ({ fixture, history, services }) => {
    const { fileId } = versionOf(history, fileName);
    const trashMs = 1000 * services.config.limits.sweepGraceMs;
    await removeFile(services.database, { accountId: fixture.principal.accountId, fileId, trashMs });
  };
}

/** Takes the file out of the trash. */
export function untrash(fileName: string): Part {
  return async ({ fixture, history, services }) => {
    const caller = { accountId: fixture.principal.accountId, events: undefined };
    await restoreFiles(services, caller, [versionOf(history, fileName).fileId], never);
  };
}

export function removeVersion(fileName: string, number: number): Part {
  return async (node) => {
    const target = targetOf(node, fileName, number);
    await removeFileVersion(node.services.database, target);
    node.history.removed.add(target.versionId);
  };
}

export function restoreVersion(fileName: string, number: number): Part {
  return async (node) => {
    await restoreFileVersion(node.services.database, {
      ...targetOf(node, fileName, number),
      now: node.services.now(),
    });
  };
}

function targetOf({ fixture, history }: Node, fileName: string, number: number) {
  const { fileId, versionId } = versionOf(history, fileName, number);
  return { accountId: fixture.principal.accountId, fileId, versionId };
}

/** Sweeps rows without a version, then objects without a row. */
export const sweep: Part = async ({ services }) => {
  await sweepBlobs(services, never);
};

/** Removes contents without waiting for their grace period, as `sluice sweep --now` does before it sweeps. */
export const sweepAtOnce: Part = async ({ services }) => {
  await releaseContents(services, {}, never);
};

/** Lets time pass in several steps. Each number is a step's length in grace periods. */
export function passGrace(...periods: readonly number[]): Part {
  return async ({ passTime, services }) => {
    for (const period of periods) await passTime(period * services.config.limits.sweepGraceMs);
  };
}

/** Deletes the object of the content's only blob, as a broken disk would. */
export const loseObjects: Part = async ({ fixture }) => {
  for (const key of await fixture.storedKeys()) await fixture.parts.blobs.delete(key);
};

export function inOrder(...parts: readonly Part[]): Part {
  return async (node) => {
    for (const part of parts) await part(node);
  };
}
