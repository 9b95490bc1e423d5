/* The map of the directory. Without this file, or where Leaflet or the data do not come, the drawing
   stays: it and the list above say the same. Everything on the map is a link of the list, too. */
(() => {
  "use strict";

  const BERLIN = [[52.34, 13.09], [52.68, 13.76]];

  const link = (href, text) => {
    const element = document.createElement("a");
    element.href = href;
    element.textContent = text;
    element.className = "kern-link";
    return element;
  };

  // Closer than this many pixels, marks are one: each stays large enough to be hit.
  const APART = 40;

  const groups = (map, places) => {
    const found = [];
    for (const place of places) {
      const at = map.latLngToLayerPoint(place.latlng);
      const near = found.find((group) => group.at.distanceTo(at) < APART);
      if (near) near.places.push(place);
      else found.push({ at, places: [place] });
    }
    return found;
  };

  const mark = ({ places }) => {
    const [first] = places;
    const number = places.reduce((sum, place) => sum + place.number, 0);
    const isPlace = places.length === 1 && first.isPlace;
    const icon = L.divIcon({
      className: isPlace ? "directory-map__place" : "directory-map__area",
      html: isPlace ? "" : String(number),
      iconSize: [30, 30],
    });
    const text = places.map((place) => place.text).join("; ");
    const list = document.createElement("ul");
    list.className = "plain-list directory-map__links";
    for (const place of places) {
      const item = document.createElement("li");
      item.append(link(place.href, place.text));
      list.append(item);
    }
    return L.marker(first.latlng, { icon, title: text, alt: text, keyboard: true }).bindPopup(list, { maxHeight: 220 });
  };

  const draw = (frame, data) => {
    const words = frame.dataset;
    const place = document.createElement("div");
    place.className = "directory-map__canvas";
    frame.replaceChildren(place);
    const map = L.map(place, { zoomControl: false, attributionControl: Boolean(words.tiles), maxZoom: 18 });
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", words.label);
    L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
    if (words.tiles) {
      L.tileLayer(words.tiles, { attribution: words.credit, maxZoom: 18 }).addTo(map);
    }
    map.on("popupopen", (event) => {
      event.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
    });
    const places = [];
    for (const feature of data.features) {
      const { area, number, rest, href, name, kind, point } = feature.properties;
      if (area !== undefined) {
        const outline = feature.geometry
          ? L.geoJSON(feature, { interactive: false, style: { className: "directory-map__outline" } }).addTo(map)
          : null;
        const centre = outline ? outline.getBounds().getCenter() : point && L.latLng(point[1], point[0]);
        // Those that show their place have a mark of their own.
        if (centre && rest) places.push({ latlng: centre, number: rest, href, text: `${area} (${number})` });
      } else {
        const [x, y] = feature.geometry.coordinates;
        places.push({ latlng: L.latLng(y, x), number: 1, href, text: `${name}, ${kind}`, isPlace: true });
      }
    }
    const marks = L.layerGroup().addTo(map);
    map.on("zoomend", () => {
      marks.clearLayers();
      for (const group of groups(map, places)) mark(group).addTo(marks);
    });
    const frameOf = places.length ? L.latLngBounds(places.map((place) => place.latlng)).pad(0.2) : BERLIN;
    map.fitBounds(frameOf, { animate: false, maxZoom: 14 });
  };

  const begin = async (frame) => {
    try {
      const answer = await fetch(frame.dataset.directoryMap, { credentials: "same-origin" });
      if (answer.ok && window.L) draw(frame, await answer.json());
    } catch {
      const told = document.createElement("p");
      told.className = "kern-body kern-body--small muted";
      told.textContent = frame.dataset.none;
      frame.append(told);
    }
  };

  for (const frame of document.querySelectorAll("[data-directory-map]")) {
    // Nobody who reads the list only has to load the map.
    const eye = new IntersectionObserver((seen) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      eye.disconnect();
      begin(frame);
    }, { rootMargin: "200px" });
    eye.observe(frame);
  }
})();
