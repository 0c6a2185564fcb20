import { ActionIcon, Button, CloseButton, Menu, Text } from "@mantine/core";
import { Copy, Download, Ellipsis, Eye, EyeOff, FolderInput, Images, Link2, Tags, Trash2 } from "lucide-react";
import { isOpen } from "../previews/preview-links.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import { type Choice, filesAlone, onlyOf } from "./choice.ts";
import { downloadItems } from "./download-zip.ts";
import { isFolder } from "./items.ts";
import type { OpenDialog } from "./open-dialog.ts";
import { publishFiles } from "./publish-files.ts";
import styles from "./selection-bar.module.css";
import type { Selection } from "./use-selection.ts";

interface SelectionBarProps {
  readonly selection: Selection;
  readonly mayChange: boolean;
  readonly onDialog: (dialog: OpenDialog) => void;
  readonly onDelete: (choice: Choice) => void;
  /** Shows the files that are like one file. */
  readonly onLike: (how: "similar" | "duplicates", fileId: string) => void;
}

const words = texts.selection;

/** The bar offers what can be done with the selected items. */
export function SelectionBar({ selection, mayChange, onDialog, onDelete, onLike }: SelectionBarProps) {
  const { choice } = selection;
  const { count, files, folders, areFoldersKnown, span } = choice;
  const only = onlyOf(choice);
  const single = only && !isFolder(only) ? only : undefined;
  const hasFiles = choice.fileCount !== 0;
  return (
    <div className={styles.bar} role="toolbar" aria-label={words.count(count)}>
      <CloseButton aria-label={words.clear} onClick={selection.clear} />
      <Text size="sm" fw={550} className={styles.count} aria-live="polite">
        {words.count(count)}
      </Text>
      <Text size="sm" fw={550} className={styles.number} aria-hidden>
        {words.countAlone(count)}
      </Text>
      {mayChange && (
        <>
          {hasFiles && folders.length === 0 && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Tags size={16} />}
              title={words.tags}
              disabled={!areFoldersKnown}
              onClick={() => onDialog({ kind: "tags", choice })}
            >
              {words.tags}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<FolderInput size={16} />}
            title={words.move}
            disabled={!areFoldersKnown}
            onClick={() => onDialog({ kind: "move", choice })}
          >
            {words.move}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Copy size={16} />}
            title={words.copy}
            disabled={!areFoldersKnown}
            onClick={() => onDialog({ kind: "copy", choice })}
          >
            {words.copy}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<Trash2 size={16} />}
            title={words.delete}
            disabled={!areFoldersKnown}
            onClick={() => onDelete(choice)}
          >
            {words.delete}
          </Button>
        </>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<Download size={16} />}
        title={texts.zip.download}
        // The server gives a key that may only read no other files.
        disabled={!areFoldersKnown || (!mayChange && span === undefined && !files.every(isOpen))}
        onClick={() => void downloadItems(choice)}
      >
        {texts.zip.download}
      </Button>
      {hasFiles && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={words.more}>
              <Ellipsis size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Link2 size={16} />} onClick={() => void copyUrls(choice)}>
              {words.urls}
            </Menu.Item>
            {single?.fileType === "image" && (
              <Menu.Item leftSection={<Images size={16} />} onClick={() => onLike("similar", single.fileId)}>
                {words.similar}
              </Menu.Item>
            )}
            {single && (
              <Menu.Item leftSection={<Copy size={16} />} onClick={() => onLike("duplicates", single.fileId)}>
                {words.duplicates}
              </Menu.Item>
            )}
            {mayChange && (
              <Menu.Item leftSection={<Eye size={16} />} onClick={() => void publishFiles(choice, true)}>
                {words.publish}
              </Menu.Item>
            )}
            {mayChange && (
              <Menu.Item leftSection={<EyeOff size={16} />} onClick={() => void publishFiles(choice, false)}>
                {words.unpublish}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

async function copyUrls(choice: Choice): Promise<void> {
  const work = await actOn(filesAlone(choice), { title: words.copyingUrls }, async (files) => {
    try {
      await navigator.clipboard.writeText(files.map(({ url }) => url).join("\n"));
      notify({ kind: "done", message: words.urlsCopied(files.length) });
    } catch {
      notify({ kind: "failed", message: words.notCopied });
    }
  });
  work.report("");
}
