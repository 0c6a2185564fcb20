import { readFile } from "node:fs/promises";
import { Asker } from "../delivery/asker.ts";
import { Driver } from "../load/drive.ts";
import { fields, makeFiller, UploadBody } from "../load/upload-body.ts";
import { mintTokens } from "../load/upload-token.ts";
import { keys } from "../subjects.ts";
import { keepBusy } from "./keep-busy.ts";
import type { VideoMeasurement } from "./measurement.ts";
import type { VideoScenario } from "./scenarios.ts";
import { store, type VideoBench, withServer } from "./server.ts";
import { type VideoSubject, videoSubjects } from "./subjects.ts";
import { watchCores } from "./watch-cores.ts";

const fileBytes = 100 * 1024;
const warmUpPictures = 20;
const seconds = Number.POSITIVE_INFINITY;

/** Sends uploads and asks for pictures in turn, one at a time: beside videos, or with nothing else to do. */
export async function measureRequests(
  bench: VideoBench,
  subject: VideoSubject,
  { count, base, warmUpUploads = 0 }: VideoScenario,
): Promise<VideoMeasurement> {
  return withServer(bench, subject, ["--limit", "encodes=2"], async (server) => {
    const { port } = server;
    const video = await store(server, bench.clips.long.path, "long.mp4");
    const { pathname } = new URL(await store(server, bench.photoPath, "photo.jpg"));
    const path = `${pathname}?tr=w-400,f-webp,bg-{n}`;
    const pictures = new Asker(port, { path, distinct: 16 ** 6, atOnce: 1, accepts: [200] });
    const uploads = await oneAtATime(bench, port, warmUpUploads + count);
    try {
      await uploads.run({ uploads: warmUpUploads, seconds });
      await pictures.run({ uploads: warmUpPictures, seconds });
      const isIdle = base !== undefined && subject === videoSubjects[base];
      const busy = isIdle ? undefined : await keepBusy(video, bench.clips.long, server.signal);
      const latencies = { upload: [] as number[], picture: [] as number[] };
      busy?.restartCounts();
      const [, usage] = await watchCores(server, async () => {
        for (let sent = 0; sent < count; sent += 1) {
          latencies.upload.push(...(await uploads.run({ uploads: 1, seconds })).latencies);
          latencies.picture.push(...(await pictures.run({ uploads: 1, seconds })).latencies);
        }
      });
      const meanwhile = (await busy?.stop()) ?? { stills: 0, refused: 0 };
      return { ...usage, latencies, meanwhile };
    } finally {
      uploads.close();
      pictures.close();
    }
  });
}

async function oneAtATime({ picturePath }: VideoBench, port: number, count: number): Promise<Driver> {
  const tokens = mintTokens(count, fields, keys);
  const [sampleToken = ""] = tokens;
  const picture = await readFile(picturePath);
  const body = new UploadBody({ protocol: "form", picture, fileBytes, sampleToken, filler: makeFiller() });
  return new Driver({ port, protocol: "form", fileBytes }, [body], tokens);
}
