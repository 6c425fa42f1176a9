variable "name" {
  description = "What the queue is called."
  type        = string
}

variable "attempts" {
  description = "How often a message is delivered before it is set aside."
  type        = number
  default     = 5
}
