import { expect, test } from "vitest";
import { openUploadFixture } from "../testing/upload-fixture.ts";
import { resolveExtensions } from "./resolve-extensions.ts";

const tagging = { name: "aws-auto-tagging", options: { maxTags: 5, minConfidence: 80 } };

test("a webhookUrl that is literally a refused address is refused, whether extensions are asked for or not", async () => {
  const fixture = await openUploadFixture();
  const { principal, config, services } = fixture;
  const resolve = (webhookUrl: string, extensions = [tagging], allowPrivateNetworks = false) =>
    resolveExtensions(
      { ...services, config: { ...config, allowPrivateNetworks }, publicUrl: () => "http://sluice.test" },
      { principal, extensions, webhookUrl, fields: async () => [] },
    );
  try {
    for (const url of ["http://127.0.0.1/", "https://0x7f.1/", "http://[::ffff:10.0.0.1]/", "http://a.localhost./"]) {
      for (const extensions of [[tagging], []]) {
        await expect(resolve(url, extensions)).rejects.toMatchObject({
          reason: "PARAMETER_INVALID",
          message: "Your request contains invalid webhookUrl parameter.",
          help: "It leads to an address that is not public.",
        });
      }
      expect(await resolve(url, [tagging], true)).toMatchObject({ names: ["aws-auto-tagging"] });
    }
    // The address behind a host name is checked on connecting. Nothing is looked up now.
    for (const url of ["https://example.com/", "http://internal.example/", "http://8.8.8.8/"]) {
      expect(await resolve(url)).toMatchObject({ names: ["aws-auto-tagging"] });
    }
  } finally {
    await fixture.close();
  }
});
