//! The page in a real browser: at the width of a phone and of a desk, nothing stands out of it, and
//! it is not blank.

#![expect(clippy::print_stderr, reason = "a test that steps aside says so")]

use crate::report::{Told, eventful};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's chromium. Without it the test says so and steps aside; in CI it fails.
fn chromium() -> Option<PathBuf> {
    let found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = found.iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "chromium is missing: apt-get install chromium");
        eprintln!("chromium is missing, so the page is not looked at: apt-get install chromium");
    }
    found
}

/// A picture as rows of RGB.
struct Picture {
    width: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    fn shoot(browser: &Path, page: &Path, dark: bool, (width, height): (usize, usize)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let picture = folder.path().join("page.png");
        let mut command = Command::new(browser);
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg(format!("--window-size={width},{height}"))
            .arg(format!("--screenshot={}", picture.display()));
        if dark {
            command.args(["--force-dark-mode", "--blink-settings=preferredColorScheme=0"]);
        }
        let ran = command.arg(format!("file://{}", page.display())).output().expect("the browser runs");
        assert!(picture.exists(), "{}", String::from_utf8_lossy(&ran.stderr));
        Self::read(&picture)
    }

    fn read(path: &Path) -> Self {
        let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).expect("a picture")));
        let mut reader = decoder.read_info().expect("a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("it fits")];
        let info = reader.next_frame(&mut bytes).expect("a frame");
        let samples = info.color_type.samples();
        let pixels = bytes.chunks_exact(samples).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        Self { width: info.width as usize, pixels }
    }

    fn paper(&self) -> [u8; 3] {
        self.pixels[0]
    }

    /// Which part of it is not paper.
    fn inked(&self) -> f64 {
        let paper = self.paper();
        let inked = self.pixels.iter().filter(|pixel| **pixel != paper).count();
        #[expect(clippy::cast_precision_loss, reason = "a picture is small")]
        let part = inked as f64 / self.pixels.len() as f64;
        part
    }

    /// Whether the outermost columns are paper: nothing runs out of the page.
    fn has_margins(&self) -> bool {
        let paper = self.paper();
        self.pixels.chunks_exact(self.width).all(|row| row[0] == paper && row[self.width - 1] == paper)
    }
}

#[test]
fn the_page_is_whole_on_a_desk_and_on_a_phone() {
    let Some(browser) = chromium() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("night.html");
    std::fs::write(&page, Told::of(&eventful()).html(None)).expect("a page");
    for size in [(1_100, 2_400), (500, 3_000)] {
        let picture = Picture::shoot(&browser, &page, false, size);
        assert!(picture.has_margins(), "something runs out of the page at {size:?}");
        assert!((0.03..0.7).contains(&picture.inked()), "{} is inked at {size:?}", picture.inked());
        assert!(picture.paper().iter().all(|part| *part > 200), "light paper by day");
    }
    let night = Picture::shoot(&browser, &page, true, (1_100, 2_400));
    assert!(night.paper().iter().all(|part| *part < 60), "dark paper by night: {:?}", night.paper());
}
