import type { UploadFixture } from "../../../testing/upload-fixture.ts";
import { advanceFolderJob } from "../advance-job.ts";

/** Takes all steps of a folder job that are left. @returns how many there were */
export async function finishFolderJob(
  { database, now }: { readonly database: UploadFixture["parts"]["database"]; readonly now: number },
  jobId: string,
): Promise<number> {
  for (let steps = 1; ; steps += 1) {
    const outcome = await database.run(advanceFolderJob, { jobId, storageLimit: 0, now: now + steps });
    if (outcome === "ended") return steps;
  }
}
