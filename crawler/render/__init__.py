"""Pages after their scripts have run, in the system's Chromium. Every request of a page is ours."""

from crawler.render.browser import Browser, why_not
from crawler.render.renderer import Renderer, RenderLimits

__all__ = ["Browser", "RenderLimits", "Renderer", "why_not"]
