import { accountParty, serverParty } from "../../concurrency/fair-line.ts";
import { searchedPictures } from "../../media/detection/searches.ts";
import type { RenderRequest } from "../../media/image/image-engine.ts";
import { ownContext } from "../../media/image/plan/own-context.ts";
import { MediaError, mayPass } from "../../media/media-error.ts";
import { boundAwaited } from "../bound-awaited.ts";
import type { ExtensionDeps } from "../deps.ts";
import { chosen } from "../http/read-answer.ts";
import { ExtensionFailure, type ExtensionProvider, type ExtensionTask } from "../provider.ts";

/** The number of requests that may wait for tags. Each takes half a second, and holds its picture meanwhile. */
const maxAwaitedTasks = 4;

/**
 * Finds out on this machine what an image shows. The picture is decoded like any other, within the same limits. The
 * model gets nothing but pixels.
 */
export function autoTagging({ images }: Pick<ExtensionDeps, "images">): ExtensionProvider {
  const provider: ExtensionProvider = {
    async run(task, use, signal) {
      // The work of a job is the server's own. An upload whose answer waits for its tags pays for them.
      const party = task.awaited ? accountParty(task.asset.account_id) : serverParty;
      const found = await images.tag(await smallPicture(images, task, { signal, party }), { signal, party });
      return use({ aiTags: chosen(found, task.extension.options) });
    },
  };
  return boundAwaited(provider, maxAwaitedTasks);
}

async function smallPicture(
  images: ExtensionDeps["images"],
  { asset, read, runId }: ExtensionTask,
  options: Pick<RenderRequest, "signal" | "party">,
): Promise<Uint8Array> {
  if (asset.kind !== "picture") throw new ExtensionFailure("NOT_AN_IMAGE", "Only images are tagged.");
  const source = { size: asset.size, pages: asset.pages, open: read };
  try {
    const { data } = await images.render({
      source,
      transformation: searchedPictures.objects,
      context: ownContext,
      key: `tags ${runId}`,
      ...options,
    });
    return data;
  } catch (error) {
    const hopeless = error instanceof MediaError && !mayPass(error);
    throw hopeless ? new ExtensionFailure("IMAGE_UNREADABLE", error.message, { cause: error }) : error;
  }
}
