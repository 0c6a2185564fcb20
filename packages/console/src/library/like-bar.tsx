import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { texts } from "../texts/texts.ts";
import styles from "./like-bar.module.css";

interface LikeBarProps {
  readonly how: "similar" | "duplicates";
  readonly fileId: string;
  readonly onBack: () => void;
}

const words = texts.library;

/** Says which file the list is like, and leads back. */
export function LikeBar({ how, fileId, onBack }: LikeBarProps) {
  const { data: file } = useQuery({
    queryKey: ["file", fileId],
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files/:fileId/details", { parameters: { fileId } }, signal)).body,
  });
  const name = file?.name ?? words.thisFile;
  return (
    <div className={styles.bar}>
      <Text size="sm" className={styles.words}>
        {how === "similar" ? words.like(name) : words.equal(name)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={onBack}>
        {words.back}
      </Button>
    </div>
  );
}
