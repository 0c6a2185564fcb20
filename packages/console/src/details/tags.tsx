import { Pill, Text } from "@mantine/core";
import { call } from "../api/call.ts";
import { queries } from "../api/queries.ts";
import { TagField } from "../complete/tag-field.tsx";
import { tellChange } from "../library/changes.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { useTurns } from "../shell/use-turns.ts";
import { texts } from "../texts/texts.ts";
import { Section } from "./section.tsx";

const words = texts.details;

/** The file's tags. A change is stored at once. */
export function Tags({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const tags = file.tags ?? [];
  const found = file.AITags ?? [];

  const inTurn = useTurns();

  /** Adds and removes single tags, so that two changes at once, here or elsewhere, both hold. @returns whether it is stored */
  async function changeTags(how: "add" | "remove", changed: readonly string[]): Promise<boolean> {
    const { fileId } = file;
    try {
      const route = how === "add" ? "POST /v1/files/addTags" : "POST /v1/files/removeTags";
      await call(route, { body: { fileIds: [fileId], tags: changed } });
      const { body } = await call("GET /v1/files/:fileId/details", { parameters: { fileId } });
      tellChange({ kind: "replaced", files: [body] });
      void queries.invalidateQueries({ queryKey: ["tags"] });
      return true;
    } catch (error) {
      tellProblem(error);
      return false;
    }
  }

  return (
    <Section title={words.tags}>
      {mayChange ? (
        <TagField
          label={words.addTag}
          tags={tags}
          onAdd={async (added, putBack) => {
            if (!(await inTurn(() => changeTags("add", added)))) putBack();
          }}
          onRemove={(tag) => void inTurn(() => changeTags("remove", [tag]))}
        />
      ) : (
        <Pill.Group>
          {tags.length > 0 ? (
            tags.map((tag) => <Pill key={tag}>{tag}</Pill>)
          ) : (
            <Text c="dimmed" size="sm">
              {words.noTags}
            </Text>
          )}
        </Pill.Group>
      )}
      {found.length > 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          {words.aiTags}: {found.map(({ name, confidence }) => `${name} (${Math.round(confidence)} %)`).join(", ")}
        </Text>
      )}
    </Section>
  );
}
