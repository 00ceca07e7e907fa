from django.http import HttpResponse


def listing(request):
    return HttpResponse("")


def phone_list(request):
    return HttpResponse("")


def detail(request, pk):
    return HttpResponse("")
