from .article import read_article as read_article
from .head import PageLinks as PageLinks
from .head import page_links as page_links
