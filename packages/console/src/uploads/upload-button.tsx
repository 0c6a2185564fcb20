import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { FileUp, FolderUp, Upload } from "lucide-react";
import { useRef } from "react";
import { texts } from "../texts/texts.ts";
import { filesOfInput } from "./found-files.ts";
import { startUploads } from "./uploads.ts";

const words = texts.uploads;

/** Chooses files or a folder of the device and uploads them. */
export function UploadButton({ folder }: { readonly folder: string }) {
  const files = useRef<HTMLInputElement>(null);
  const directory = useRef<HTMLInputElement>(null);
  useHotkeys([["u", () => files.current?.click()]]);
  function take({ currentTarget }: React.ChangeEvent<HTMLInputElement>): void {
    if (currentTarget.files) startUploads(folder, filesOfInput(currentTarget.files));
    currentTarget.value = "";
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<Upload size={16} />}>{words.button}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<FileUp size={16} />} onClick={() => files.current?.click()}>
            {words.files}
          </Menu.Item>
          <Menu.Item leftSection={<FolderUp size={16} />} onClick={() => directory.current?.click()}>
            {words.folder}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input ref={files} type="file" multiple hidden onChange={take} aria-label={words.files} />
      <input
        ref={(input) => {
          directory.current = input;
          if (input) input.webkitdirectory = true;
        }}
        type="file"
        hidden
        onChange={take}
        aria-label={words.folder}
      />
    </>
  );
}
