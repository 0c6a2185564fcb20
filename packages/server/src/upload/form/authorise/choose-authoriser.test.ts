import { expect, test, vi } from "vitest";
import { MediaError } from "../../../media/media-error.ts";
import { assertRoomToPrepare } from "./choose-authoriser.ts";

const full = {
  assertRoom: vi.fn(async () => {
    throw new MediaError("EBUSY", "Too many images are being rendered");
  }),
};

test("an upload that is to be made into something else waits for no image when there are too many", async () => {
  const asked = assertRoomToPrepare(full, '{"pre":"w-10"}');
  await expect(asked).rejects.toMatchObject({ reason: "SERVER_BUSY", status: 503 });
});

test.each([undefined, "", '{"post":[{"type":"transformation","value":"w-10"}]}', 7])(
  "an upload whose file stays as it is needs none (%s)",
  async (transformation) => {
    await expect(assertRoomToPrepare(full, transformation)).resolves.toBeUndefined();
  },
);
