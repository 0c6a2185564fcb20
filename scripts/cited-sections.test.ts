import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type CitedSection, citationsIn, sectionsOf } from "./cited-sections.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

const sources = "{packages,acceptance,bench,examples,scripts,docs}/**/*.{ts,tsx,mts,js,mjs,html,md,yml}";
/** Generated and foreign files, and this test with its made-up citations. */
const exclude = ["**/node_modules/**", "**/dist/**", "**/.next/**", "scripts/cited-sections*.ts"];
const files = globSync([sources, "*.{ts,md}"], { cwd: root, exclude });

const upload = "docs/protocol/upload.md";
const delivery = "docs/protocol/delivery.md";
const architecture = "docs/architecture.md";

test.each<[file: string, text: string, cited: [page: string, section: string | undefined][]]>([
  ["a.ts", "/** (docs/protocol/upload.md §3). */", [[upload, "3"]]],
  [
    "a.ts",
    "/**\n * (docs/protocol/upload.md\n * §3, §5.1 and §6; RFC 8725 §9).\n */",
    [
      [upload, "3"],
      [upload, "5.1"],
      [upload, "6"],
    ],
  ],
  [
    "a.ts",
    "// docs/architecture.md decision\n  // 11, docs/protocol/delivery.md §2",
    [
      [architecture, "3.11"],
      [delivery, "2"],
    ],
  ],
  ["a.ts", "// see docs/protocol/none.md", [["docs/protocol/none.md", undefined]]],
  ["a.ts", "// upload.md §3", []],
  ["README.md", "[this](docs/protocol/upload.md) §4", [[upload, "4"]]],
  ["docs/limits.md", "[upload.md](protocol/upload.md) §14; §15", [[upload, "14"]]],
  [
    delivery,
    "§3 and [upload.md](upload.md) §14, as `../architecture.md` decision 9",
    [
      [upload, "14"],
      [architecture, "3.9"],
      [delivery, "3"],
    ],
  ],
  [
    "acceptance/coverage/a.md",
    "| upload §3, delivery §9.1, issue 3 §4 | says |",
    [
      [upload, "3"],
      [delivery, "9.1"],
    ],
  ],
])("in %s, %j cites %j", (file, text, cited) => {
  const places = citationsIn(file, text).filter(({ page, section }) => section !== undefined || !files.includes(page));
  expect(places).toEqual(cited.map(([page, section]) => ({ page, section })));
});

test("a section is a numbered heading, or a numbered entry of a list or table below one", () => {
  const page =
    "# A\n\n## 1. B\n\n### 1.2 C\n\n```\n## 7. No\n```\n\n## 2. D\n\n1. One\n2. Two\n\n| 30 | row |\n| none |\n";
  expect([...sectionsOf(page)]).toEqual(["1", "1.2", "2", "2.1", "2.2", "2.30"]);
});

test("every page and section that is cited exists", () => {
  const sections = new Map<string, ReadonlySet<string>>();
  const exists = ({ page, section }: CitedSection): boolean => {
    if (!files.includes(page)) return false;
    if (!sections.has(page)) sections.set(page, sectionsOf(read(page)));
    return section === undefined || sections.get(page)?.has(section) === true;
  };
  const citations = files.flatMap((file) => citationsIn(file, read(file)).map((cited) => ({ file, ...cited })));
  expect(citations.length).toBeGreaterThan(300);
  expect(citations.filter((cited) => !exists(cited))).toEqual([]);
});
