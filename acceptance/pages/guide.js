// Behaves as the guide's page does: the form gets file and fileName at once, the token last, when the backend has
// answered; jQuery sends the request for the token as JSON that calls itself a form.

const { $ } = window;
const settings = new URLSearchParams(location.search);
const uploadUrl = "https://upload.imagekit.io/api/v2/files/upload";

/** What the upload's request reported of itself, for whoever drives this page. */
window.progressEvents = [];
let lastForm;

$("#form").on("submit", (event) => {
  event.preventDefault();
  const [file] = $("#file")[0].files;
  const folder = $("#folder").val();
  const form = new FormData();
  form.append("file", file);
  form.append("fileName", file.name);
  if (folder) form.append("folder", $("#sent-folder").val() || folder);
  fetchToken({ fileName: file.name, ...(folder ? { folder } : {}) }, ({ token }) => {
    form.append("token", token);
    send(form);
  });
});

$("#again").on("click", () => send(lastForm));

function fetchToken(uploadPayload, onToken) {
  $.ajax({
    url: settings.get("backend"),
    method: "POST",
    dataType: "json",
    headers: { "X-App-User": settings.get("user") ?? "anna", "X-App-Request": "upload-token" },
    data: JSON.stringify({ uploadPayload, expire: 60, publicKey: settings.get("publicKey") }),
    success: onToken,
    error: showError,
  });
}

function send(form) {
  lastForm = form;
  window.progressEvents = [];
  $("#error").text("");
  $.ajax({
    url: uploadUrl,
    method: "POST",
    mimeType: "multipart/form-data",
    dataType: "json",
    data: form,
    processData: false,
    contentType: false,
    xhr() {
      const request = $.ajaxSettings.xhr();
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        window.progressEvents.push({ loaded, total });
        $("#progress").val(loaded / total);
      });
      return request;
    },
    success: ({ url }) => $("#picture").attr("src", url).prop("hidden", false),
    error: showError,
    complete: () => $("#again").prop("disabled", false),
  });
}

/** A network error, or an answer that the browser keeps from the page, has no JSON. */
function showError({ responseJSON }) {
  $("#error").text(responseJSON?.message ?? "Network error");
}
