import {
  inOrder,
  loseObjects,
  passGrace,
  remove,
  removeVersion,
  restoreVersion,
  sweep,
  sweepAtOnce,
  trash,
  untrash,
  upload,
} from "./content-parts.ts";
import type { Scenario } from "./scenario.ts";

const isOld = passGrace(1.5);
const unreferenced = inOrder(upload("first.txt"), remove("first.txt"), isOld);
const damaged = inOrder(upload("first.txt"), loseObjects, isOld);
const twoVersions = inOrder(upload("first.txt"), upload("first.txt", "other"), isOld);
const restoring = {
  restorer: restoreVersion("first.txt", 1),
  remover: removeVersion("first.txt", 1),
  sweeper: sweep,
};
const restoreRefusals = ["FILE_VERSION_NOT_FOUND", "CURRENT_VERSION_NOT_DELETABLE"];

/** Scenarios around one content. All of their interleavings run within seconds. */
export const contentScenarios: Readonly<Record<string, Scenario>> = {
  "two uploads of new content": {
    parts: { one: upload("one.txt"), other: upload("other.txt") },
  },
  "an upload that adopts what nobody refers to, and a sweep": {
    before: unreferenced,
    parts: { uploader: upload("second.txt"), sweeper: sweep },
  },
  "an upload that adopts what was just let go of, and a sweep at once": {
    before: inOrder(upload("first.txt"), remove("first.txt")),
    parts: { uploader: upload("second.txt"), sweeper: sweepAtOnce },
  },
  "an upload of new content, and a sweep at once": {
    parts: { uploader: upload("first.txt"), sweeper: inOrder(sweepAtOnce, sweep) },
  },
  "two uploads that heal": {
    before: damaged,
    parts: { one: upload("one.txt"), other: upload("other.txt") },
  },
};

/** Scenarios of three actors. All interleavings run within seconds on SQLite, and within a minute on PostgreSQL. */
export const contentScenariosOfThree: Readonly<Record<string, Scenario>> = {
  "an upload that adopts what a deletion lets go of, and a sweep": {
    before: inOrder(upload("first.txt"), isOld),
    parts: { uploader: upload("second.txt"), remover: remove("first.txt"), sweeper: sweep },
  },
  "an upload that adopts what a deletion lets go of, and a sweep at once": {
    before: upload("first.txt"),
    parts: { uploader: upload("second.txt"), remover: remove("first.txt"), sweeper: sweepAtOnce },
  },
  "an upload of the same over a file that is deleted, and a sweep": {
    before: inOrder(upload("first.txt"), isOld),
    parts: { uploader: upload("first.txt"), remover: remove("first.txt"), sweeper: sweep },
  },
  "a version that is restored and deleted, and a sweep": {
    before: twoVersions,
    parts: restoring,
    refusals: restoreRefusals,
  },
  "a file that is restored from the trash, and a sweep at once": {
    before: inOrder(upload("first.txt"), trash("first.txt")),
    parts: { restorer: untrash("first.txt"), sweeper: sweepAtOnce },
  },
  "a version that is restored and deleted, and a sweep at once": {
    before: inOrder(upload("first.txt"), upload("first.txt", "other")),
    parts: { ...restoring, sweeper: sweepAtOnce },
    refusals: restoreRefusals,
  },
  "an upload that heals what a deletion lets go of, and a sweep": {
    before: damaged,
    parts: { uploader: upload("second.txt"), remover: remove("first.txt"), sweeper: sweep },
  },
  "a file that is put into the trash and restored, and a sweep": {
    before: inOrder(upload("first.txt"), isOld),
    parts: { remover: trash("first.txt"), restorer: untrash("first.txt"), sweeper: sweep },
    refusals: ["FILES_NOT_IN_TRASH"],
  },
  "a commit that is delayed beyond the grace period, and a sweep": {
    parts: { uploader: upload("first.txt"), clock: passGrace(0.6, 0.6), sweeper: sweep },
    refusals: ["STORAGE_UNAVAILABLE"],
  },
};

/** Scenarios with too many interleavings to run beside other tests. On PostgreSQL they would take more than minutes. */
export const largeContentScenarios: Readonly<Record<string, Scenario>> = {
  "two uploads that adopt what nobody refers to, and a sweep": {
    before: unreferenced,
    parts: { one: upload("one.txt"), other: upload("other.txt"), sweeper: sweep },
  },
  "two uploads that heal, and a sweep": {
    before: damaged,
    parts: { one: upload("one.txt"), other: upload("other.txt"), sweeper: sweep },
  },
  "an upload that adopts what two sweeps are after": {
    before: unreferenced,
    parts: { uploader: upload("second.txt"), sweeper: sweep, other: sweep },
  },
  "a version that is restored and deleted, an upload that adopts its content, and a sweep": {
    before: twoVersions,
    parts: { ...restoring, uploader: upload("second.txt") },
    refusals: restoreRefusals,
  },
  "a file that is restored from the trash while an upload takes its path, and a sweep": {
    before: inOrder(upload("first.txt"), isOld, trash("first.txt")),
    parts: { uploader: upload("first.txt"), restorer: untrash("first.txt"), sweeper: sweep },
  },
};
