import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { pdfOf } from "../../../../pages/src/testing/documents.ts";
import { addSwitches, type DeliverySwitches } from "../../accounts/delivery-switches.ts";
import { updateAccount } from "../../database/repositories/accounts.ts";
import { insertNamedTransformation } from "../../database/repositories/named-transformations.ts";
import { signPath } from "../../library/files/asset-url.ts";
import { refusals } from "../refusals/refusal-table.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";
import { withSwitches } from "../testing/switch-account.ts";

const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script><circle r="4"/></svg>';
const noDrawing = '<svg xmlns="http://www.w3.org/2000/svg"><circle></svg>';

/** One file for each way in which an answer is made. */
const create = { width: 80, height: 40, channels: 3, background: "red" } as const;
const files = {
  "photo.jpg": { mime: "image/jpeg", bytes: () => sharp({ create }).jpeg().toBuffer() },
  "broken.jpg": { mime: "image/jpeg", bytes: async () => (await sharp({ create }).jpeg().toBuffer()).subarray(0, 200) },
  "drawing.svg": { mime: "image/svg+xml", bytes: async () => Buffer.from(drawing) },
  "text.svg": { mime: "image/svg+xml", bytes: async () => Buffer.from(noDrawing) },
  "page.pdf": { mime: "application/pdf", bytes: async () => pdfOf([{ content: "" }]) },
  "film.mp4": { mime: "video/mp4", bytes: async () => Buffer.from("film") },
  "song.mp3": { mime: "audio/mpeg", bytes: async () => Buffer.from("song") },
} as const;

type FileName = keyof typeof files;
const fileNames = Object.keys(files) as FileName[];

/** The forms of URL, each with the text behind the file's path. */
const forms = {
  plain: "",
  "orig-true": "?tr=orig-true",
  "w-10": "?tr=w-10",
  "f-png": "?tr=w-10,f-png",
  "n-small": "?tr=n-small",
  "n-small, unsanitised": "?tr=n-small&ik-sanitizeSvg=false",
  "n-small,w-9": "?tr=n-small,w-9",
  "n-raster": "?tr=n-raster",
  "n-whole": "?tr=n-whole",
  "n-thumbnail": "?tr=n-ik_ml_thumbnail",
  "thumbnail.jpg": "/ik-thumbnail.jpg",
  "video.mp4": "/ik-video.mp4",
  "n-small of video.mp4": "/ik-video.mp4?tr=n-small",
  "n-small of thumbnail.jpg": "/ik-thumbnail.jpg?tr=n-small",
  "page of thumbnail.jpg": "/ik-thumbnail.jpg?tr=pg-1",
  "sprite.jpg": "/ik-sprite.jpg",
  "n-small of sprite.vtt": "/ik-sprite.vtt?tr=n-small",
  "layer on thumbnail.jpg": "/ik-thumbnail.jpg?tr=w-10,l-image,i-public@@photo.jpg,w-9,l-end",
} as const;

type FormName = keyof typeof forms;
const formNames = Object.keys(forms) as FormName[];

/** `public` and `private` stand for unsigned URLs of such files, `signed` for a signed URL of a private file. */
const askers = ["public", "private", "signed"] as const;
type Asker = (typeof askers)[number];

/**
 * The letters of the outcomes: `stored` bytes, a `clean` drawing, a rendered `image`, a video that is being `made`, the
 * `text` of a sprite's places, the reason of a refusal, or its message. A row of outcomes has one letter for each form, in
 * the order of `forms`.
 */
const letters = {
  s: "stored",
  c: "clean",
  i: "image",
  m: "made",
  t: "text",
  f: "EINVALID - f-png is no format of a video.",
  P: "PRIVATE",
  N: "NOT_FOUND",
  V: "VIDEO_TRANSFORMATION",
  U: "IMAGE_UNREADABLE",
} as const;

const expected: Readonly<Record<FileName, Readonly<Record<Asker, string>>>> = {
  "photo.jpg": { public: "isiiiiiisiiVViiNNi", private: "PPPPiiPiPiPPViPPNP", signed: "isiiiiiisiiVViiNNi" },
  "broken.jpg": { public: "ssUUUUUUsUUVVUUNNU", private: "PPPPUUPUPUPPVUPPNP", signed: "ssUUUUUUsUUVVUUNNU" },
  "drawing.svg": { public: "cscicscisccVVccNNc", private: "PPPPPPPiPPPPVPPPNP", signed: "cscicscisccVVccNNc" },
  "text.svg": { public: "sssUsssUsssVVssNNs", private: "PPPPPPPUPPPPVPPPNP", signed: "sssUsssUsssVVssNNs" },
  "page.pdf": { public: "sssssssssiiVViiNNi", private: "PPPPPPPPPiPPViPPNP", signed: "sssssssssiiVViiNNi" },
  "film.mp4": { public: "ssmfmmmfsiimmiiiti", private: "PPPPmmPfPiPPmiPPtP", signed: "ssmfmmmfsiimmiiiti" },
  "song.mp3": { public: "sssssssssiiVViiNNi", private: "PPPPPPPPPiPPViPPNP", signed: "sssssssssiiVViiNNi" },
};

/** The restrictions that an account may set, and the URL forms that each refuses, either unsigned only or always. */
const restrictions: readonly {
  readonly switches: Partial<DeliverySwitches>;
  readonly reason: "UNSIGNED" | "UNNAMED" | "PRIVATE";
  refuses(asked: { readonly file: FileName | "nothing"; readonly asker: Asker; readonly form: FormName }): boolean;
}[] = [
  {
    switches: { restrictUnsignedImages: "all" },
    reason: "UNSIGNED",
    refuses: ({ file, asker, form }) => asker !== "signed" && (file === "nothing" || isImage(file, form)),
  },
  {
    switches: { restrictUnsignedImages: "except_named" },
    reason: "UNSIGNED",
    refuses: ({ file, asker, form }) =>
      asker !== "signed" && (file === "nothing" || isImage(file, form)) && !namedForms.has(form),
  },
  {
    switches: { restrictUnsignedVideos: "all" },
    reason: "UNSIGNED",
    refuses: ({ file, asker }) => asker !== "signed" && (file === "nothing" || file === "film.mp4"),
  },
  {
    switches: { restrictUnnamed: true },
    reason: "UNNAMED",
    refuses: ({ form }) => forms[form].includes("tr=") && !isOnlyNames(form),
  },
  {
    switches: { privateThumbnails: "signed" },
    reason: "PRIVATE",
    refuses: ({ asker, form }) =>
      asker === "private" && ["n-thumbnail", "n-small of thumbnail.jpg", "n-small of sprite.vtt"].includes(form),
  },
];

/** The files that aren't images and have thumbnails. */
const isShown: ReadonlySet<FileName> = new Set(["page.pdf", "film.mp4", "song.mp3"]);

function isImage(file: FileName, form: FormName): boolean {
  return files[file].mime.startsWith("image/") || (isShown.has(file) && /thumbnail|sprite/.test(form));
}

/** Whether a form uses only named transformations. */
function isOnlyNames(form: FormName): boolean {
  return form.startsWith("n-") && form !== "n-small,w-9";
}

/**
 * The forms through which a private file, or a file of a restricted kind, may be seen. A name that stands for the
 * original isn't one of them.
 */
const namedForms: ReadonlySet<FormName> = new Set(formNames.filter((form) => isOnlyNames(form) && form !== "n-whole"));

/** Changes that may happen to a file or its account after an answer has been remembered. */
const changes: readonly { readonly version?: object; readonly account?: object }[] = [
  { version: { is_published: 0 } },
  { version: { is_private_file: 1 } },
  { version: { is_private_file: 0 } },
  { account: { status: "disabled" } },
  ...restrictions.map(({ switches }) => ({ account: { delivery_switches: addSwitches(null, switches) } })),
  { account: { delivery_switches: addSwitches(null, { plainImages: "original" }) } },
];

function expectedOf(file: FileName, asker: Asker, form: FormName): string {
  const letter = expected[file][asker][formNames.indexOf(form)] ?? "";
  return letters[letter as keyof typeof letters] ?? letter;
}

describeDelivery((suite) => {
  const bytes = new Map<FileName, Buffer>();

  beforeAll(async () => {
    const { library, accountId, store, services } = suite();
    // What a URL is answered doesn't depend on what is in the film.
    const still = { data: await sharp({ create }).jpeg().toBuffer(), contentType: "image/jpeg" } as const;
    const program = { name: "", ffmpeg: [], ffprobe: [] };
    services.videos = { ...services.videos, program: async () => program, still: async () => still };
    services.videos = { ...services.videos, soundStill: async () => still };
    const facts = { width: 80, height: 40, duration: 3 };
    const tiles = { ...still, data: await sharp({ create }).resize(60).jpeg().toBuffer() };
    services.videos = { ...services.videos, probe: async () => facts, sprite: async () => tiles };
    for (const [name, transformation] of [
      ["small", "w-10"],
      ["raster", "w-10,f-png"],
      ["whole", "orig-true"],
    ] as const) {
      const row = { id: name, account_id: accountId, name, transformation, enabled: 1 as const, created_at: 0 };
      await insertNamedTransformation(library.writer, row);
    }
    for (const name of fileNames) {
      const stored = { bytes: await files[name].bytes(), mime: files[name].mime };
      bytes.set(name, stored.bytes);
      await store({ ...stored, path: `/public/${name}` });
      await store({ ...stored, path: `/private/${name}`, isPrivate: true });
      await store({ ...stored, path: `/drafts/${name}`, isDraft: true });
    }
  });

  function targetOf(file: FileName, asker: Asker | "draft" | "signed draft" | "missing", form: FormName): string {
    const folder = { public: "public", private: "private", signed: "private", missing: "none" };
    const rest = `${asker in folder ? folder[asker as keyof typeof folder] : "drafts"}/${file}${forms[form]}`;
    return `/demo/${asker.startsWith("signed") ? signPath("private_test", rest) : rest}`;
  }

  async function outcome(target: string): Promise<string> {
    const { status, headers, body } = await suite().server.ask(target);
    const error = headers["ik-error"];
    if (error !== undefined) {
      return (
        Object.entries(refusals).find(([, { code, message }]) => error === `${code} - ${message}`)?.[0] ?? `${error}`
      );
    }
    if (headers["is-intermediate-response"] !== undefined) return "made";
    expect(status).toBe(200);
    if ([...bytes.values()].some((stored) => stored.equals(body))) return "stored";
    return headers["content-type"] === "image/svg+xml" ? "clean" : `${headers["content-type"]?.split("/")[0]}`;
  }

  /** Requests a target twice. The second answer may be a remembered one. */
  async function outcomeTwice(target: string): Promise<string> {
    const first = await outcome(target);
    expect([target, await outcome(target)]).toEqual([target, first]);
    return first;
  }

  test.each(fileNames)("%s is delivered, or refused, by each kind of URL as the protocol says", async (file) => {
    for (const asker of askers) {
      const found = [];
      for (const form of formNames) found.push([form, await outcomeTwice(targetOf(file, asker, form))]);
      expect([asker, found]).toEqual([asker, formNames.map((form) => [form, expectedOf(file, asker, form)])]);
    }
    for (const form of formNames) {
      for (const nobody of ["draft", "signed draft", "missing"] as const) {
        expect([nobody, form, await outcome(targetOf(file, nobody, form))]).toEqual([nobody, form, "NOT_FOUND"]);
      }
    }
  });

  test.each(restrictions)("an account with $switches refuses what that says and no more", async (restriction) => {
    await withSwitches(suite(), restriction.switches, async () => {
      for (const form of formNames) {
        for (const file of ["drawing.svg", "page.pdf", "film.mp4"] as const) {
          for (const asker of askers) {
            const refused = restriction.refuses({ file, asker, form });
            const due = refused ? restriction.reason : expectedOf(file, asker, form);
            const found = await outcome(targetOf(file, asker, form));
            expect([file, asker, form, found]).toEqual([file, asker, form, due]);
          }
        }
        for (const nobody of ["draft", "missing"] as const) {
          const refused = restriction.refuses({ file: "nothing", asker: "public", form });
          const due = refused ? restriction.reason : "NOT_FOUND";
          expect([nobody, form, await outcome(targetOf("film.mp4", nobody, form))]).toEqual([nobody, form, due]);
        }
      }
    });
  });

  test("a remembered answer goes to nobody who would get another one without it", async () => {
    const { library, accountId } = suite();
    const update = async ({ version, account }: (typeof changes)[number]) => {
      if (version !== undefined) await library.writer.updateTable("versions").set(version).execute();
      if (account !== undefined) await updateAccount(library.writer, accountId, account);
    };
    const versions = await library.reader
      .selectFrom("versions")
      .select(["id", ...visibility])
      .execute();
    const undo = async () => {
      await updateAccount(library.writer, accountId, { status: "active", delivery_switches: null });
      for (const { id, ...was } of versions) {
        await library.writer.updateTable("versions").set(was).where("id", "=", id).execute();
      }
    };
    const targets = (["photo.jpg", "drawing.svg"] as const).flatMap((file) =>
      (["public", "private"] as const).flatMap((asker) => rememberedForms.map((form) => targetOf(file, asker, form))),
    );
    for (const target of targets) await outcomeTwice(target);
    for (const [index, change] of changes.entries()) {
      try {
        await update(change);
        for (const target of targets) {
          const found = await outcome(target);
          const fresh = `${target}${target.includes("?") ? "&" : "?"}unasked=${index}`;
          expect([change, target, found]).toEqual([change, target, await outcome(fresh)]);
        }
      } finally {
        await undo();
      }
      // The change is undone, so these requests make the server remember the earlier answers again.
      for (const target of targets) await outcome(target);
    }
  });
});

/** All forms whose answers may be remembered, and two whose answers may not. */
const rememberedForms = ["plain", "w-10", "f-png", "n-thumbnail", "thumbnail.jpg", "orig-true", "n-small"] as const;
const visibility = ["is_published", "is_private_file"] as const;
