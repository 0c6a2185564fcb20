import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram, sluice } from "./harness/command.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { fetchOriginal } from "./harness/library.ts";
import { header, signRaw, unixTime } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

describe("sluice token mint", () => {
  function mintCommand(file: string, fields: readonly string[] = [], flags: readonly string[] = []) {
    const flagsOfFields = fields.flatMap((field) => ["--field", field]);
    return sluice(["token", "mint", "--file", file, ...flagsOfFields, "--data-dir", server.dataDir, ...flags]);
  }

  /** Runs the printed command in a shell, as a reader would. */
  async function paste(command: string) {
    const { code, stdout, stderr } = await runProgram("sh", ["-c", command]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return { status: 200, body: JSON.parse(stdout) };
  }

  test("prints a curl command that uploads the file once, to the port of the server that runs", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "notes.txt");
      await writeFile(file, "hello from curl");
      const { code, stdout, stderr } = await mintCommand(file, ["folder=/notes", "tags=a,b"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const answer = await paste(stdout);
      expectStored(answer);
      expect(answer.body.filePath).toMatch(/^\/notes\/notes_[\w-]+\.txt$/);
      expect((await fetchOriginal(server.url, answer.body.url)).toString()).toBe("hello from curl");
      const again = await runProgram("sh", ["-c", stdout]);
      expectRefusal({ status: 400, body: JSON.parse(again.stdout) }, 400, "TOKEN_USED");
    });
  });

  test("quotes what shells and curl take for more than text", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, `odd $(name), "quoted"; it's \\ here;type=x.txt`);
      await writeFile(file, "odd");
      const fields = [
        `description=it's 5;type=text/x, "quoted" $HOME \`id\` & <b> \\ 100%`,
        "tags=@home,<b>;filename=x",
        "folder=@notes",
      ];
      const { code, stdout } = await mintCommand(file, fields);
      expect(code).toBe(0);
      const answer = await paste(stdout);
      expectStored(answer);
      expect(answer.body.description).toBe(fields[0]?.slice("description=".length));
      expect((await fetchOriginal(server.url, answer.body.url)).toString()).toBe("odd");
    });
  });

  test("mints for the address that clients are told to use", async () => {
    const { stdout } = await mintCommand("a.txt", [], ["--public-url", "https://media.example"]);
    expect(stdout).toContain("https://media.example/api/v2/files/upload");
  });

  test("says what is wrong with its arguments, with exit code 2", async () => {
    const wrong = await Promise.all([
      mintCommand("a.txt", ["no-equals"]),
      mintCommand("a.txt", [], ["--expires-in", "3601"]),
      mintCommand("a.txt", [], ["--expires-in", "soon"]),
      mintCommand("a.txt", [], ["--imagekit-id", "nobody"]),
      sluice(["token", "mint", "--data-dir", server.dataDir]),
      sluice(["token", "mint", "--file", "a.txt", "--data-dir", join(server.dataDir, "nothing")]),
    ]);
    const settings = ["--field", "--expires-in", "--expires-in", "--imagekit-id", "--file", "--data-dir"];
    for (const [index, { code, stdout, stderr }] of wrong.entries()) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^sluice: .+\n$/);
      expect(stderr).toContain(settings[index]);
    }
  });
});

describe("sluice token inspect", () => {
  const fields = { fileName: "inspect.txt", folder: "/a/b" } as const;
  const asFlags = (form: Readonly<Record<string, string>>) =>
    Object.entries(form).flatMap(([name, value]) => ["--field", `${name}=${value}`]);

  async function inspect(token: string, form: Readonly<Record<string, string>> = fields): Promise<string> {
    const { code, stdout } = await sluice(["token", "inspect", token, ...asFlags(form), "--data-dir", server.dataDir]);
    expect(code).toBe(stdout.includes(refused) ? 1 : 0);
    return stdout;
  }

  const refused = "This token would not be accepted.";

  test("finds nothing wrong with a good token, and burns nothing", async () => {
    const token = mint(fields);
    const report = await inspect(token);
    expect(report).toContain("This token would be accepted.");
    expect(report).toContain('"folder":"/a/b"');
    expect(await inspect(token)).toBe(report);
    expect(await inspect(token, {})).toContain("This token would be accepted with a form of exactly these claims");
    expectStored(await uploadWithToken(server.url, "hello", fields, token));
  });

  test("says that a token has expired, and when", async () => {
    const [iat, exp] = [unixTime() - 120, unixTime() - 60];
    const report = await inspect(signRaw({ payload: { ...fields, iat, exp } }));
    expect(report).toContain(refused);
    expect(report).toMatch(/failed\s+lifetime/);
    expect(report).toContain("expired");
    expect(report).toContain(new Date(exp * 1000).toISOString());
  });

  test("says that a token was used", async () => {
    const token = mint(fields);
    expectStored(await uploadWithToken(server.url, "hello", fields, token));
    const report = await inspect(token);
    expect(report).toContain(refused);
    expect(report).toMatch(/failed\s+single use/);
    expect(report).toContain("used before");
  });

  test("says which parameters differ, and how", async () => {
    const report = await inspect(mint({ ...fields, tags: "a" }), {
      fileName: "inspect.txt",
      folder: "/a/b/",
      isPrivateFile: "true",
    });
    expect(report).toContain(refused);
    expect(report).toMatch(/failed\s+form/);
    expect(report).toMatch(/tags is in the token, but not in the form/);
    expect(report).toMatch(/isPrivateFile is in the form, but not in the token/);
    expect(report).toMatch(/folder differs in its leading and trailing slashes alone/);
  });

  test("tells a foreign key from a wrong signature", async () => {
    const foreign = await inspect(signRaw({ header: header({ kid: "public_other" }), payload: { ...fields } }));
    expect(foreign).toContain(refused);
    expect(foreign).toMatch(/failed\s+key/);
    expect(foreign).toContain("not one of this server's");
    const forged = await inspect(mint(fields, { privateKey: "private_other" }));
    expect(forged).toContain(refused);
    expect(forged).toMatch(/passed\s+key/);
    expect(forged).toMatch(/failed\s+signature/);
  });

  test("says so when it is no token at all", async () => {
    const report = await inspect("6f1c2c7e-3f0a-4d8e-9a3b-0d7f5a1e2b4c");
    expect(report).toContain(refused);
    expect(report).toContain("not a JSON Web Token");
    for (const check of ["key", "signature", "lifetime", "key pair in force", "single use"]) {
      expect(report).toMatch(new RegExp(`^skipped\\s+${check}$`, "m"));
    }
  });
});
