import { expect, test } from "vitest";
import { describeDelivery } from "./testing/delivery-suite.ts";
import { withSwitches } from "./testing/switch-account.ts";

const forged = `ik-s=${"0".repeat(40)}`;

describeDelivery((suite) => {
  /** Each target has the fault of its own line and the faults of all lines below it. */
  test("the first fault in the protocol's order is the one that is answered", async () => {
    const { store, library, server } = suite();
    const disabled = await library.addAccount("closed", "disabled");
    await library.store(disabled, { path: "/a.jpg", bytes: Buffer.from("x") });
    await store({ path: "/order/draft.jpg", bytes: Buffer.from("draft"), mime: "image/jpeg", isDraft: true });
    const secret = { mime: "image/jpeg", isPrivate: true };
    await store({ path: "/order/secret.jpg", bytes: Buffer.from("no image"), ...secret });
    const restricted = { restrictUnsignedImages: "all", restrictUnnamed: true } as const;
    const lines = [
      ["POST", `/nobody/a/../b.jpg?tr=w-x&${forged}`, 404, "ENOENT - Resource not found at any upstream origin"],
      ["POST", `/closed/a/../b.jpg?tr=w-x&${forged}`, 405, "EINVALID - Use GET, HEAD or OPTIONS"],
      ["GET", `/nobody/a/../b.jpg?tr=w-x&${forged}`, 404, "ENOENT - Resource not found at any upstream origin"],
      ["GET", `/closed/a/../b.jpg?tr=w-x&${forged}`, 403, "EFORBIDDEN - The account is disabled"],
      ["GET", `/demo/a/../b.jpg?tr=w-x&${forged}`, 400, "EINVALID - Invalid path"],
      ["GET", `/demo/none.jpg?tr=w-x&${forged}`, 400, "EINVALID - Invalid value of transformation parameter w-x"],
      ["GET", `/demo/none.jpg?tr=n-unknown&${forged}`, 401, "EAUTH - Invalid request signature"],
      ["GET", "/demo/none.jpg?tr=n-unknown", 400, "EINVALID - Unknown named transformation: unknown"],
      ["GET", "/demo/none.jpg?tr=w-2", 401, "EAUTH - The account's URLs have to be signed"],
      ["GET", "/demo/order/draft.jpg?tr=w-2", 401, "EAUTH - The account's URLs have to be signed"],
    ] as const;
    await withSwitches(suite(), restricted, async () => {
      for (const [method, target, status, error] of lines) {
        const { status: got, headers } = await server.ask(target, {}, method);
        expect([target, got, headers["ik-error"]]).toEqual([target, status, error]);
      }
    });
    await withSwitches(suite(), { restrictUnnamed: true }, async () => {
      for (const target of ["/demo/none.jpg?tr=w-2", "/demo/order/secret.jpg?tr=w-2"]) {
        const { status, headers, body } = await server.ask(target);
        expect([status, headers["ik-error"], body.toString()]).toEqual([
          400,
          "EINVALID - The account takes named transformations alone",
          "Bad Image Transformation Request\nThe account takes named transformations alone\n",
        ]);
      }
    });
    const unrestricted = [
      ["/demo/order/none.jpg?tr=w-2&ik-obj-version=!", 404, "ENOENT - Resource not found at any upstream origin"],
      ["/demo/order/draft.jpg?tr=w-2&ik-obj-version=old", 404, "ENOENT - Resource not found at any upstream origin"],
      ["/demo/order/secret.jpg?ik-obj-version=old", 401, "EAUTH - The file is private: sign its URL"],
      ["/demo/order/secret.jpg?tr=fo-face", 401, "EAUTH - The file is private: sign its URL"],
    ] as const;
    for (const [target, status, error] of unrestricted) {
      const { status: got, headers } = await server.ask(target);
      expect([target, got, headers["ik-error"]]).toEqual([target, status, error]);
    }
  });
});
