import { Pill, PillsInput, Text } from "@mantine/core";
import { useState } from "react";
import type { LibraryFile } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import { changeFile } from "./change-file.ts";
import { Section } from "./section.tsx";

const words = texts.details;

/** The file's tags. A change is stored at once. */
export function Tags({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const [text, setText] = useState("");
  const tags = file.tags ?? [];
  const found = file.AITags ?? [];

  function add(): void {
    const added = text
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "" && !tags.includes(tag));
    setText("");
    if (added.length > 0) void changeFile(file.fileId, { tags: [...tags, ...added] });
  }

  const pills = tags.map((tag) => (
    <Pill
      key={tag}
      withRemoveButton={mayChange}
      onRemove={() => void changeFile(file.fileId, { tags: tags.filter((other) => other !== tag) })}
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
