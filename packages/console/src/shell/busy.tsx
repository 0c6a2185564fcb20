import { Group, Loader } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import { LateWords } from "./late-words.tsx";

/** Stands in for something that is asked for and has no shape yet. */
export function Busy({ size = "sm" }: { readonly size?: "xs" | "sm" | "md" }) {
  return (
    <Group role="status" aria-label={texts.shell.loading} gap="sm" p="sm" justify="center">
      <Loader size={size} aria-hidden />
      <LateWords />
    </Group>
  );
}
