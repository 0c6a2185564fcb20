const files = document.querySelector<HTMLInputElement>("#files");
const uploads = document.querySelector("#uploads");
const { sluice, tokens } = document.body.dataset;

files?.addEventListener("change", () => {
  for (const file of files.files ?? []) {
    const line = document.createElement("li");
    line.textContent = `${file.name} …`;
    uploads?.append(line);
    upload(file).then(
      ({ filePath }) => {
        line.textContent = filePath;
      },
      (error: Error) => {
        line.textContent = `${file.name}: ${error.message}`;
      },
    );
  }
});

async function upload(file: File): Promise<{ filePath: string }> {
  const uploadPayload = { fileName: file.name };
  const { token, parameters = uploadPayload } = await post(tokens ?? "", JSON.stringify({ uploadPayload }));
  const form = new FormData();
  form.append("token", token); // first, so that a refusal comes before the file is sent
  for (const [name, value] of Object.entries<string>(parameters)) form.append(name, value);
  form.append("file", file);
  return post(`${sluice}/api/v2/files/upload`, form);
}

async function post(url: string, body: BodyInit) {
  const response = await fetch(url, { method: "POST", body });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}
