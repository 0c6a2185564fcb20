import { viewerOfServer } from "../../../access/viewer.ts";
import type { Connection } from "../../../database/database.ts";
import {
  countFilesWithin,
  countFoldersBelow,
  countFoldersIn,
  findFolderAt,
  moveFolderAlone,
  moveTree,
  nextFolder,
  takeFolders,
} from "../../../database/repositories/folder-trees.ts";
import { ensureFolder, type FolderRow, insertFolder } from "../../../database/repositories/folders.ts";
import { indexFolders } from "../../../database/search-index/write-index.ts";
import { newId } from "../../../text/id.ts";
import {
  hasRoomForNames,
  isRoomFor,
  nameOf,
  parentPath,
  pathAfter,
  problemAt,
  problemOfTree,
} from "../folder-paths.ts";
import {
  type FolderJob,
  foldersPerStep,
  type StepContext,
  type StepResult,
  type Walk,
  walkFrom,
} from "../job-position.ts";
import { type FileToPlace, placeFiles } from "../place-files.ts";
import { cleanStep } from "./delete-step.ts";
import { afterFiles, StepFiles } from "./step-files.ts";

const visitsPerStep = 100;

/**
 * Moves the next files and folders. A folder whose place is free moves with all that lies beneath it, by its path alone;
 * its files are not touched. Where the destination has a folder of the same name, the files move into that folder, and a
 * file of the same name there takes over their versions.
 *
 * Between two steps every path is right: each step moves whole trees of folders, or files. So uploads may go on
 * meanwhile. A file that is uploaded at the old place moves along while the job is under way.
 */
export async function moveStep(connection: Connection, job: FolderJob, context: StepContext): Promise<StepResult> {
  const { account_id: accountId, source_path: source, position } = job;
  if (position.at.phase === "clean") return cleanStep(connection, job, position.at);
  const target = job.target_path ?? "";
  const viewer = viewerOfServer(accountId);
  const stepFiles = new StepFiles(connection, { allVersions: true });
  const files: FileToPlace[] = [];
  let at: Walk | undefined = position.at;
  // A folder that is merged is entered, and not moved: a walk that moves nothing is the last one.
  let [moved, entered] = [0, 0];
  let room = foldersPerStep;
  let problem: StepResult["problem"];
  for (let visits = 0; at !== undefined && visits < visitsPerStep && !stepFiles.isFull; visits += 1) {
    const folder = await findFolderAt(connection, viewer, at.path);
    if (folder !== undefined) {
      const path = pathAfter(at.path, source, target);
      const there = await findFolderAt(connection, viewer, path);
      let targetId = there?.id;
      if (there === undefined) {
        const counts = job.type === "MOVE_FOLDER";
        const free = await moveToFreePlace(connection, { folder, path, room, counts, now: context.now });
        if (free === "no room") break;
        if (free === "path limit") {
          problem = free;
          break;
        }
        room -= free.folders;
        moved += free.moved;
        targetId = free.targetId;
      }
      if (targetId !== undefined) {
        if (!at.entered) entered += 1;
        const page = await stepFiles.take(folder.id, at.after);
        if (!page.every(({ name }) => isRoomFor(path, name))) {
          problem = "path limit";
          break;
        }
        for (const file of page) files.push({ file, targetId });
        at = { ...at, entered: true, after: page.at(-1)?.name ?? at.after };
        if (stepFiles.isFull) break;
      }
    }
    const next = await nextFolder(connection, { accountId, path: source }, { after: at.path });
    at = next && walkFrom(next.path);
  }
  const placed = await placeFiles(connection, { accountId, kind: "move", allVersions: true }, files, context);
  const after = await afterFiles(connection, position, placed, at ?? { phase: "clean", before: null }, accountId);
  const isGone = at === undefined && (await findFolderAt(connection, viewer, source)) === undefined;
  return {
    position: { ...after, moved: after.moved + moved },
    done: moved + entered + files.length,
    finished: isGone || problem !== undefined,
    problem,
  };
}

type FreePlace =
  | "no room"
  | "path limit"
  | {
      /** The folder to which files have yet to move; undefined if everything has moved. */
      readonly targetId: string | undefined;
      /** The number of folders whose rows have changed. */
      readonly folders: number;
      /** The number of folders and files that have moved. */
      readonly moved: number;
    };

/**
 * Moves a folder to a path that no folder has. One with too many folders beneath it moves without them, and an empty
 * folder takes its old place, from which they follow.
 */
async function moveToFreePlace(
  connection: Connection,
  {
    folder,
    path,
    room,
    counts,
    now,
  }: {
    readonly folder: FolderRow;
    readonly path: string;
    /** The number of rows of folders that this step may still change. */
    readonly room: number;
    /** Whether files count that move along with their folder. */
    readonly counts: boolean;
    readonly now: number;
  },
): Promise<FreePlace> {
  const tree = { accountId: folder.account_id, path: folder.path };
  const parent = await findFolderAt(connection, viewerOfServer(folder.account_id), parentPath(path));
  if (parent === undefined) throw new Error("a folder's destination has no parent");
  const place = { parentId: parent.id, name: nameOf(path), path };
  const below = await countFoldersBelow(connection, tree, foldersPerStep);
  if (below < foldersPerStep) {
    if (below >= room && room < foldersPerStep) return "no room";
    // Since the job has started, somebody may have uploaded into a folder that was not there before.
    if ((await problemAt(connection, tree, path)) !== undefined) return "path limit";
    const files = counts ? await countFilesWithin(connection, tree, maxCounted) : 0;
    const folders = await moveTree(connection, tree, place, now);
    // The search index has no paths, so nothing of the other folders has changed there.
    await indexFolders(connection, [folder.id]);
    return { targetId: undefined, folders, moved: folders + files };
  }
  if (room < foldersPerStep) return "no room";
  if (problemOfTree(path, alone) !== undefined) return "path limit";
  if (!hasRoomForNames(path, alone) && (await problemAt(connection, tree, path)) !== undefined) return "path limit";
  if ((await countFoldersIn(connection, folder.id, foldersPerStep)) < foldersPerStep) {
    const left = { ...folder, id: newId(now), created_at: now, updated_at: now };
    await moveFolderAlone(connection, folder, place, now);
    await insertFolder(connection, left);
    const taken = await takeFolders(connection, folder.id, left.id);
    await indexFolders(connection, [folder.id, left.id, ...taken]);
    const files = counts ? await countFilesWithin(connection, { ...tree, path }, maxCounted) : 0;
    return { targetId: undefined, folders: foldersPerStep, moved: 1 + files };
  }
  const targetId = await ensureFolder(connection, folder.account_id, path, now);
  return { targetId, folders: foldersPerStep, moved: 0 };
}

/** The extent of a folder that moves without the folders beneath it. */
const alone = { depth: 0, folderBytes: 0 } as const;

/** Files that move along with their folder are counted up to here, so that counting them stays short. */
const maxCounted = 100_000;
