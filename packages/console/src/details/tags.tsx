import { Pill, PillsInput, Text } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import { tellChange } from "../library/changes.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Section } from "./section.tsx";

const words = texts.details;

/** The file's tags. A change is stored at once. */
export function Tags({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const [text, setText] = useState("");
  const tags = file.tags ?? [];
  const found = file.AITags ?? [];

  /** Adds and removes single tags, so that two changes at once, here or elsewhere, both hold. */
  async function changeTags(how: "add" | "remove", changed: readonly string[]): Promise<void> {
    const { fileId } = file;
    try {
      const route = how === "add" ? "POST /v1/files/addTags" : "POST /v1/files/removeTags";
      await call(route, { body: { fileIds: [fileId], tags: changed } });
      const { body } = await call("GET /v1/files/:fileId/details", { parameters: { fileId } });
      tellChange({ kind: "replaced", files: [body] });
    } catch (error) {
      if (how === "add") setText(changed.join(", "));
      tellProblem(error);
    }
  }

  function add(): void {
    const added = text
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "" && !tags.includes(tag));
    setText("");
    if (added.length > 0) void changeTags("add", added);
  }

  const pills = tags.map((tag) => (
    <Pill
      key={tag}
      withRemoveButton={mayChange}
      onRemove={() => void changeTags("remove", [tag])}
      removeButtonProps={{ "aria-label": words.removeTag(tag), "aria-hidden": false }}
    >
      {tag}
    </Pill>
  ));
  return (
    <Section title={words.tags}>
      {mayChange ? (
        <PillsInput>
          <Pill.Group>
            {pills}
            <PillsInput.Field
              aria-label={words.addTag}
              placeholder={words.addTag}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              onBlur={add}
              onKeyDown={(event) => {
                if (event.key === "Enter" || event.key === ",") {
                  event.preventDefault();
                  add();
                }
              }}
            />
          </Pill.Group>
        </PillsInput>
      ) : (
        <Pill.Group>{pills.length > 0 ? pills : <Text c="dimmed">{words.noTags}</Text>}</Pill.Group>
      )}
      {found.length > 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          {words.aiTags}: {found.map(({ name, confidence }) => `${name} (${Math.round(confidence)} %)`).join(", ")}
        </Text>
      )}
    </Section>
  );
}
