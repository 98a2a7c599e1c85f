// A button behind every text that is to be quoted: it copies that text. Without a script the text
// can be selected all the same, so the button is made here and nowhere else.
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const place = document.createElement("p");
  const button = document.createElement("button");
  const said = document.createElement("span");
  place.className = "copy";
  button.type = "button";
  button.textContent = "Copy";
  said.setAttribute("role", "status");
  said.className = "faint small";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      said.textContent = " Copied.";
    } catch {
      said.textContent = " The browser does not allow it; select the text and copy it.";
    }
  });
  place.append(button, said);
  text.after(place);
}
