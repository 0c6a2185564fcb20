import { expect, test } from "vitest";
import type { TestEngine } from "../../../testing/engines.ts";
import { foldersPerStep } from "../job-position.ts";
import { useFolderJobs } from "./folder-jobs.ts";
import { pathsIn } from "./seed-tree.ts";

/** Tests of moves that touch more folders than one step may. */
export function testManyFolders(engine: TestEngine): void {
  const { fixture, move, rename, seed, step, finish, jobOf, folderId, library, folders, expectClean } =
    useFolderJobs(engine);

  test("a move of many folders goes on where it was, and every path is right after each step", async () => {
    const groups = pathsIn("/a", "g", 9);
    const many = groups.flatMap((group) => [group, ...pathsIn(group, "f", 250)]);
    await seed(["/a", ...many], [...pathsIn("/a", "x", 3), "/a/g7/f1/y"]);
    const id = await folderId("/a");
    const { jobId, outcome } = await move("/a", "/b/a");
    expect(outcome).toBe("started");
    // An upload into the old place moves along, and one into the new place stays there.
    await fixture().upload("late", { folder: "/a/g8/f1/new", fileName: "z" });
    await fixture().upload("early", { folder: "/b/a/g8/new", fileName: "z" });
    for (;;) {
      await expectClean();
      if ((await step(jobId)) === "ended") break;
    }
    const after = await folders();
    expect(after.filter((path) => path === "/a" || path.startsWith("/a/"))).toEqual([]);
    expect(after).toHaveLength(["/b", "/b/a"].length + many.length + 2);
    const moved = ["/b/a/g7/f1/y", "/b/a/g8/f1/new/z", "/b/a/g8/new/z", "/like/a.txt", ...pathsIn("/b/a", "x", 3)];
    expect(Object.keys(await library()).toSorted()).toEqual(moved.toSorted());
    expect(await jobOf(jobId)).toMatchObject({ status: "Completed", error: null, total: many.length + 5 });
    expect(await folderId("/b/a")).toBe(id);
  }, 120_000);

  test("a folder with too many folders directly in it moves as well", async () => {
    const many = pathsIn("/a", "f", foldersPerStep);
    await seed(["/a", ...many, "/a/f7/deep"], ["/a/x", "/a/f7/deep/y"]);
    const { jobId } = await rename("/a", "/b");
    await finish(jobId);
    expect(await folders()).toEqual(["/b", ...many.map((path) => path.replace("/a", "/b")), "/b/f7/deep"].toSorted());
    expect(Object.keys(await library()).toSorted()).toEqual(["/b/f7/deep/y", "/b/x", "/like/a.txt"]);
    await expectClean();
  }, 120_000);
}
